package org.interseal.store;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** What the machine measures. */
enum RealRunningTime implements RunningTime {
  INSTANCE;

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's, see the port
  public void await(Lock lock, Condition condition, long nanos) throws InterruptedException {
    long _ = condition.awaitNanos(nanos);
  }
}
