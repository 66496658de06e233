package org.interseal.store.memory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.interseal.store.RunningTime;
import org.interseal.store.Scheduler;

/**
 * A clock that stands until it is advanced, and the tasks that wait for it. With one thread, and
 * everything that happens driven by it, a run is a function of its seed.
 */
public final class VirtualTime implements InstantSource, Scheduler, RunningTime {
  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private record Task(long dueMillis, long number, Runnable action) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          Comparator.comparingLong(Task::dueMillis).thenComparingLong(Task::number));
  private long nowMillis;
  private long nextNumber;

  public VirtualTime(Instant start) {
    this.nowMillis = start.toEpochMilli();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public synchronized long millis() {
    return nowMillis;
  }

  @Override
  public long nanoTime() {
    return TimeUnit.MILLISECONDS.toNanos(millis());
  }

  /** On the one thread that there is, waiting lets time pass, up to the next task that is due. */
  @Override
  public void await(Lock lock, Condition condition, long nanos) {
    lock.unlock();
    try {
      long until = millis() + TimeUnit.NANOSECONDS.toMillis(nanos + NANOS_PER_MILLI - 1);
      if (!runNext(until)) {
        advance(until - millis());
      }
    } finally {
      lock.lock();
    }
  }

  @Override
  public synchronized void after(long delayMillis, Runnable task) {
    tasks.add(new Task(nowMillis + Math.max(0, delayMillis), nextNumber++, task));
  }

  /**
   * Lets time pass, running what falls due in order, on this thread; 0 runs what is due already.
   */
  public void advance(long millis) {
    long until = millis() + millis;
    while (runNext(until)) {}
    synchronized (this) {
      nowMillis = Math.max(nowMillis, until);
    }
  }

  /**
   * Advances to the next task and runs it; false when there is none before {@code untilMillis} is
   * over.
   */
  private boolean runNext(long untilMillis) {
    Task task;
    synchronized (this) {
      task = tasks.peek();
      if (task == null || task.dueMillis > untilMillis) {
        return false;
      }
      tasks.remove();
      nowMillis = Math.max(nowMillis, task.dueMillis);
    }
    task.action.run();
    return true;
  }

  /** Tasks that wait. */
  public synchronized int waiting() {
    return tasks.size();
  }
}
