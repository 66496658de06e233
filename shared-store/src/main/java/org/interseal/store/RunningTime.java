package org.interseal.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * How time passes for a process while it runs: a clock that nobody sets, and waiting for no longer
 * than so long. Real, or that of a simulation. Thread-safe.
 */
public interface RunningTime {
  /** As {@link System#nanoTime()}. */
  long nanoTime();

  /**
   * Waits until the condition is signalled, so long has passed, or for no reason at all: the caller
   * looks at what it waits for, and at {@link #nanoTime}, again.
   *
   * @param lock the condition's, which the caller holds
   */
  void await(Lock lock, Condition condition, long nanos) throws InterruptedException;

  default long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime() - nanos);
  }

  /** Real time. */
  static RunningTime real() {
    return RealRunningTime.INSTANCE;
  }
}
