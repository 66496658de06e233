package org.interseal.bank.processing;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;

/**
 * Whether our clock is believable beside the store's, and beside its own course: the embedded store
 * has no clock of its own. Ledger time never goes back, so one wrong second would last. For the
 * ledger thread.
 */
final class ClockGuard {
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * A leap that lasts so long is believed: a machine that slept, or an operator who set the clock.
   */
  static final long LEAP_BELIEVED_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Store store;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final long maxAheadMillis;
  private long checkedNanos;
  private boolean checked;
  private long aheadMillis;

  // Where the clock's course is measured from, and since when it has been off it.
  private long courseMillis;
  private long courseNanos;
  private long leaptNanos;
  private boolean leapt;

  /**
   * @param nanoTime as {@link System#nanoTime}, which nobody sets
   */
  ClockGuard(Store store, InstantSource clock, LongSupplier nanoTime, long maxAheadMillis) {
    this.store = store;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.maxAheadMillis = maxAheadMillis;
    this.courseMillis = clock.millis();
    this.courseNanos = nanoTime.getAsLong();
  }

  /** Compares with the store at most once a second, and with the course each time. */
  boolean isTooFarAhead() throws StoreUnavailable {
    long now = nanoTime.getAsLong();
    if (hasLeapt(now)) {
      return true;
    }
    if (!checked || now - checkedNanos > CHECK_NANOS) {
      aheadMillis = clock.millis() - store.nowMillis();
      checkedNanos = now;
      checked = true;
    }
    return aheadMillis > maxAheadMillis;
  }

  /**
   * @throws Halt while it is too far ahead
   */
  void require() throws StoreUnavailable, Halt {
    if (isTooFarAhead()) {
      throw new Halt(
          Halt.Kind.FAULT,
          "our clock is "
              + TimeUnit.MILLISECONDS.toSeconds(aheadMillis + 500)
              + " s ahead of the store's, or of its own course: correct it");
    }
  }

  private boolean hasLeapt(long now) {
    long expectedMillis = courseMillis + TimeUnit.NANOSECONDS.toMillis(now - courseNanos);
    long leapMillis = clock.millis() - expectedMillis;
    if (leapMillis <= maxAheadMillis) {
      leapt = false;
      courseMillis = expectedMillis + leapMillis;
      courseNanos = now;
      return false;
    }
    if (!leapt) {
      leapt = true;
      leaptNanos = now;
    }
    if (now - leaptNanos < LEAP_BELIEVED_NANOS) {
      aheadMillis = leapMillis;
      return true;
    }
    leapt = false;
    checked = false;
    courseMillis = clock.millis();
    courseNanos = now;
    return false;
  }

  long aheadMillis() {
    return aheadMillis;
  }
}
