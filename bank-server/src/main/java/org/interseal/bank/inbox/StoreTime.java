package org.interseal.bank.inbox;

import java.util.concurrent.TimeUnit;
import org.interseal.store.RunningTime;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;

/** The time of a store, which is asked for it now and then. For one thread. */
final class StoreTime {
  private static final long ASKED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Store store;
  private final RunningTime time;
  private boolean asked;
  private long askedNanos;
  private long answeredMillis;

  StoreTime(Store store, RunningTime time) {
    this.store = store;
    this.time = time;
  }

  /** Milliseconds of the epoch, as the store's stamps. */
  long millis() throws StoreUnavailable {
    if (!asked || time.nanoTime() - askedNanos >= ASKED_NANOS) {
      answeredMillis = store.nowMillis();
      askedNanos = time.nanoTime();
      asked = true;
    }
    return answeredMillis + time.millisSince(askedNanos);
  }
}
