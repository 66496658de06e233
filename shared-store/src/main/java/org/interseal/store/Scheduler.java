package org.interseal.store;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs tasks later: on real threads, or when a simulation says so. */
@FunctionalInterface
public interface Scheduler {
  /**
   * Runs {@code task} once, not before {@code delayMillis} have passed, and never inside this call.
   *
   * @throws java.util.concurrent.RejectedExecutionException when it will run nothing any more
   */
  void after(long delayMillis, Runnable task);

  /** On the threads of an executor, which the caller shuts down. */
  static Scheduler on(ScheduledExecutorService executor) {
    return (delayMillis, task) -> {
      var _ = executor.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    };
  }
}
