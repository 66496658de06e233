package org.interseal.bank.processing;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.store.RunningTime;

/**
 * The threads of a server. Opening and sealing have threads of their own, so that a backlog of one
 * kind of work never keeps the other waiting.
 *
 * @param openers for opening and verifying
 * @param sealers for signing and sealing
 * @param statements may wait for the store
 * @param timer for timers and appends; may wait for the store
 * @param factory for threads that live as long as the server
 * @param time by which these threads wait
 */
public record NodeThreads(
    ExecutorService openers,
    ExecutorService sealers,
    ExecutorService statements,
    ScheduledExecutorService timer,
    ThreadFactory factory,
    RunningTime time) {
  private static final int TIMER_THREADS = 4;
  private static final int TIMER_THREADS_PER_PARTITION = 1;

  /** As {@link #platform(String, int, int)}, for one partition. */
  public static NodeThreads platform(String name, int workers) {
    return platform(name, workers, 1);
  }

  /** Platform threads, named after the server. */
  public static NodeThreads platform(String name, int workers, int partitions) {
    int more = (partitions - 1) * TIMER_THREADS_PER_PARTITION;
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(TIMER_THREADS + more, named(name + "-timer"));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return new NodeThreads(
        Executors.newFixedThreadPool(workers, named(name + "-open")),
        Executors.newFixedThreadPool(workers, named(name + "-seal")),
        Executors.newSingleThreadExecutor(named(name + "-statement")),
        timer,
        named(name),
        RunningTime.real());
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task ->
        Thread.ofPlatform()
            .daemon(true)
            .name(prefix + "-" + number.incrementAndGet())
            .unstarted(task);
  }

  /** Drops what waits and interrupts what runs. */
  void shutdownNow() {
    openers.shutdownNow();
    sealers.shutdownNow();
    statements.shutdownNow();
    timer.shutdownNow();
  }
}
