package org.interseal.rethinkdb;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs something when time is up, unless it is called off. Tests decide when time is up. */
@FunctionalInterface
interface Deadlines {
  /** The task must not block. */
  Cancellation after(Duration delay, Runnable task);

  /** Calls a task off; without effect once it has run. */
  @FunctionalInterface
  interface Cancellation {
    void cancel();
  }

  static Deadlines on(ScheduledExecutorService executor) {
    return (delay, task) -> {
      var future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    };
  }
}
