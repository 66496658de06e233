package org.interseal.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.interseal.store.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Runs everything that happens in a simulated world, one step at a time on the calling thread: what
 * is ready in an order that the seed decides, and what falls due as virtual time passes. What
 * happens is a function of the seed, as long as nothing is run from any other thread.
 */
final class Conductor {
  private static final long MAX_STEP_NANOS = 20_000;

  /** Something that falls due. */
  final class Timer {
    private final long dueNanos;
    private final long number;
    private final @Nullable SimulatedProcess owner;
    private @Nullable Runnable task;

    private Timer(long dueNanos, @Nullable SimulatedProcess owner, Runnable task) {
      this.dueNanos = dueNanos;
      this.number = nextNumber++;
      this.owner = owner;
      this.task = task;
    }

    void cancel() {
      task = null;
    }
  }

  private record Ready(@Nullable SimulatedProcess owner, Runnable task) {}

  private final SplittableRandom random;
  private final double shuffle;
  private final long startMillis;
  private final Thread thread = Thread.currentThread();
  private final List<Ready> ready = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> foreign = new AtomicReference<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong((Timer timer) -> timer.dueNanos)
              .thenComparingLong(timer -> timer.number));
  private long nowNanos;
  private long nextNumber;
  private long steps;
  private long trace;
  private @Nullable SimulatedProcess running;

  /**
   * @param shuffle probability with which the next of what is ready is not the one that waited
   *     longest, but any
   */
  Conductor(long seed, Instant start, double shuffle) {
    this.random = new SplittableRandom(seed);
    this.startMillis = start.toEpochMilli();
    this.shuffle = shuffle;
  }

  long nowNanos() {
    return nowNanos;
  }

  long millis() {
    return startMillis + TimeUnit.NANOSECONDS.toMillis(nowNanos);
  }

  Instant now() {
    return Instant.ofEpochMilli(millis());
  }

  long steps() {
    return steps;
  }

  /** A digest of everything that happened so far, in order. */
  long trace() {
    return trace;
  }

  void note(long what) {
    trace = (trace ^ what) * 0x9E3779B97F4A7C15L;
    trace ^= trace >>> 29;
  }

  /** Runs once it is its turn; never inside this call. */
  void ready(@Nullable SimulatedProcess owner, Runnable task) {
    Thread caller = Thread.currentThread();
    if (!caller.isVirtual() && !caller.equals(thread)) {
      foreign.compareAndSet(null, new IllegalStateException("here, by " + caller));
      return;
    }
    ready.add(new Ready(owner, task));
  }

  /** For what no process does: the store's machines and the network. */
  Scheduler scheduler() {
    return (delayMillis, task) -> {
      var _ = after(null, TimeUnit.MILLISECONDS.toNanos(delayMillis), task);
    };
  }

  /**
   * Runs the task on the conductor's own thread when that time is over, unless the owner is dead by
   * then, and not before a paused one goes on. The task must not wait.
   */
  Timer after(@Nullable SimulatedProcess owner, long nanos, Runnable task) {
    Timer timer = new Timer(nowNanos + Math.max(0, nanos), owner, task);
    timers.add(timer);
    return timer;
  }

  /** One step; false when nothing will ever happen again. */
  boolean step() {
    Throwable outside = foreign.get();
    if (outside != null) {
      throw new IllegalStateException(
          "something was run by a thread outside the simulation", outside);
    }
    fireDue();
    while (ready.isEmpty()) {
      Timer next = timers.peek();
      if (next == null) {
        return false;
      }
      nowNanos = Math.max(nowNanos, next.dueNanos);
      fireDue();
    }
    int index =
        ready.size() > 1 && shuffle > 0 && random.nextDouble() < shuffle
            ? random.nextInt(ready.size())
            : 0;
    Ready chosen = ready.remove(index);
    SimulatedProcess owner = chosen.owner;
    if (owner != null && !owner.mayRun(chosen.task)) {
      return true;
    }
    steps++;
    nowNanos += 1 + random.nextLong(MAX_STEP_NANOS);
    note(owner == null ? index : owner.number() * 31L + index);
    note(nowNanos);
    running = owner;
    chosen.task.run();
    running = null;
    return true;
  }

  /** Whose step it is, while one is taken; null for what no process does. */
  @Nullable SimulatedProcess running() {
    return running;
  }

  private void fireDue() {
    for (Timer next = timers.peek();
        next != null && (next.task == null || next.dueNanos <= nowNanos);
        next = timers.peek()) {
      timers.remove();
      Runnable task = next.task;
      if (task != null) {
        ready.add(new Ready(next.owner, task));
      }
    }
  }
}
