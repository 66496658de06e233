package org.interseal.store.memory;

import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.StoreContract;
import org.junit.jupiter.api.AfterEach;

/** The in-memory store as unkind as a cluster, in real time. */
class UnkindStoreContractTest extends StoreContract {
  private static final Unkindness UNKIND =
      Unkindness.rethinkLike()
          .withWrites(new Unkindness.Writes(0.05, 0.05, 0.03, 0.03, 0, 0))
          .withReadsFail(0.1);

  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
  private final UnkindStore shared =
      UnkindStore.shared(1, Clock.systemUTC(), Scheduler.on(executor), UNKIND);
  private final UnkindStore bank =
      UnkindStore.bank(2, Clock.systemUTC(), Scheduler.on(executor), UNKIND);

  @Override
  protected Store connectShared() {
    return shared.connect();
  }

  @Override
  protected Store connectBank() {
    return bank.connect();
  }

  @Override
  protected boolean wakesReliably() {
    return false;
  }

  @Override
  protected boolean answersReliably() {
    return false;
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }
}
