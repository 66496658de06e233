package org.interseal.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A pool of so many threads of a simulated process, with timers. */
final class SimulatedExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final SimulatedProcess process;
  private final int threads;
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final Set<Thread> running = new LinkedHashSet<>();
  private boolean shutDown;

  SimulatedExecutor(SimulatedProcess process, int threads) {
    this.process = process;
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    if (shutDown) {
      throw new RejectedExecutionException("shut down");
    }
    queue.add(task);
    startNext();
  }

  private void startNext() {
    if (running.size() < threads && !queue.isEmpty()) {
      Runnable task = queue.remove();
      Thread thread = process.newThread(() -> work(task));
      running.add(thread);
      thread.start();
    }
  }

  private void work(Runnable task) {
    try {
      task.run();
    } finally {
      running.remove(Thread.currentThread());
      startNext();
    }
  }

  @Override
  public void shutdown() {
    shutDown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutDown = true;
    List<Runnable> left = new ArrayList<>(queue);
    queue.clear();
    List.copyOf(running).forEach(Thread::interrupt);
    return left;
  }

  @Override
  public boolean isShutdown() {
    return shutDown;
  }

  @Override
  public boolean isTerminated() {
    return shutDown && running.isEmpty() && queue.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }

  /** Runs once, or again and again. */
  private final class Scheduled<T> extends FutureTask<T> implements ScheduledFuture<T> {
    private final long delayNanos;
    private final boolean repeats;
    private long dueNanos;

    Scheduled(Callable<T> task, long firstNanos, long delayNanos, boolean repeats) {
      super(task);
      this.delayNanos = delayNanos;
      this.repeats = repeats;
      begin(firstNanos);
    }

    private void begin(long nanos) {
      dueNanos = process.nanoTime() + nanos;
      var _ =
          process
              .conductor()
              .after(
                  process,
                  nanos,
                  () -> {
                    if (!shutDown && !isCancelled()) {
                      execute(this);
                    }
                  });
    }

    @Override
    public void run() {
      if (!repeats) {
        super.run();
      } else if (runAndReset() && !shutDown) {
        begin(delayNanos);
      }
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - process.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object o) {
      return this == o;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private <T> Scheduled<T> begin(Callable<T> task, long first, long delay, boolean repeats) {
    if (shutDown) {
      throw new RejectedExecutionException("shut down");
    }
    return new Scheduled<>(task, first, delay, repeats);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return begin(java.util.concurrent.Executors.callable(task), unit.toNanos(delay), 0, false);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    return begin(task, unit.toNanos(delay), 0, false);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    return scheduleWithFixedDelay(task, initialDelay, period, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long initialDelay, long delay, TimeUnit unit) {
    return begin(
        java.util.concurrent.Executors.callable(task),
        unit.toNanos(initialDelay),
        unit.toNanos(delay),
        true);
  }
}
