package org.interseal.store.memory;

import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.StoreContract;
import org.junit.jupiter.api.AfterEach;

/** The in-memory store when it is not unkind. */
class KindStoreContractTest extends StoreContract {
  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
  private final UnkindStore shared =
      UnkindStore.shared(1, Clock.systemUTC(), Scheduler.on(executor), Unkindness.none());
  private final UnkindStore bank =
      UnkindStore.bank(2, Clock.systemUTC(), Scheduler.on(executor), Unkindness.none());

  @Override
  protected Store connectShared() {
    return shared.connect();
  }

  @Override
  protected Store connectBank() {
    return bank.connect();
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }
}
