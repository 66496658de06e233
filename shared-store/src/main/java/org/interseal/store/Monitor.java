package org.interseal.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A lock and everybody who waits for what it guards to change, on a {@link RunningTime}. Objects'
 * own monitors cannot wait on any but the machine's time. Thread-safe.
 */
public final class Monitor {
  private final RunningTime time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  public Monitor(RunningTime time) {
    this.time = time;
  }

  /** Whoever waits looks again. */
  public void wake() {
    change(() -> {});
  }

  /** Makes the change under the lock; whoever waits looks again. */
  public void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Reads under the lock. */
  public <T> T read(Supplier<T> reading) {
    lock.lock();
    try {
      return reading.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the condition holds, which is looked at under the lock after every change; false
   * when it does not in time.
   */
  public boolean awaitMillis(BooleanSupplier condition, long millis) throws InterruptedException {
    return awaitNanos(condition, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** As {@link #awaitMillis}. */
  public boolean awaitNanos(BooleanSupplier condition, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long begin = time.nanoTime();
      while (!condition.getAsBoolean()) {
        long left = nanos - (time.nanoTime() - begin);
        if (left <= 0) {
          return false;
        }
        time.await(lock, changed, left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
