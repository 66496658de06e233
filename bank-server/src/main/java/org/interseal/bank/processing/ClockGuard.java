package org.interseal.bank.processing;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;

/** Whether our clock is believable beside the store's. For the ledger thread. */
final class ClockGuard {
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Store store;
  private final InstantSource clock;
  private final long maxAheadMillis;
  private long checkedNanos;
  private boolean checked;
  private long aheadMillis;

  ClockGuard(Store store, InstantSource clock, long maxAheadMillis) {
    this.store = store;
    this.clock = clock;
    this.maxAheadMillis = maxAheadMillis;
  }

  /** Compares the clocks, at most once a second. */
  boolean isTooFarAhead() throws StoreUnavailable {
    long now = System.nanoTime();
    if (!checked || now - checkedNanos > CHECK_NANOS) {
      aheadMillis = clock.millis() - store.nowMillis();
      checkedNanos = now;
      checked = true;
    }
    return aheadMillis > maxAheadMillis;
  }

  long aheadMillis() {
    return aheadMillis;
  }
}
