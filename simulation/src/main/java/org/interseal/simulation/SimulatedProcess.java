package org.interseal.simulation;

import java.lang.reflect.Method;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.interseal.store.RunningTime;

/**
 * An operating system process: threads, a wall clock that may be wrong, and an end that may come at
 * any step. What a dead one had begun never goes on.
 */
final class SimulatedProcess implements InstantSource, RunningTime {
  private static final Method NEW_THREAD = newThreadMethod();

  private final Conductor conductor;
  private final String name;
  private final int number;
  private final Consumer<Throwable> bugs;
  private final Executor scheduler = this::resume;
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private long clockAheadMillis;
  private boolean alive = true;
  private boolean paused;

  /**
   * @param bugs told of every exception that a thread did not handle
   */
  SimulatedProcess(Conductor conductor, String name, int number, Consumer<Throwable> bugs) {
    this.conductor = conductor;
    this.name = name;
    this.number = number;
    this.bugs = bugs;
  }

  /** Virtual threads on a scheduler of one's own are there in JDK 25, and not public. */
  private static Method newThreadMethod() {
    try {
      Method method =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "the simulation needs JDK 25 and --add-opens java.base/java.lang=ALL-UNNAMED", e);
    }
  }

  String name() {
    return name;
  }

  int number() {
    return number;
  }

  Conductor conductor() {
    return conductor;
  }

  boolean isAlive() {
    return alive;
  }

  boolean isPaused() {
    return paused;
  }

  /** What must not be, and came of what it did. */
  void bug(Throwable bug) {
    bugs.accept(bug);
  }

  /** Another thread, not started. */
  Thread newThread(Runnable task) {
    Runnable guarded =
        () -> {
          try {
            task.run();
          } catch (RuntimeException | Error e) {
            bug(e);
          }
        };
    try {
      return (Thread) NEW_THREAD.invoke(null, scheduler, name, 0, guarded);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  void spawn(Runnable task) {
    if (alive) {
      newThread(task).start();
    }
  }

  private void resume(Runnable continuation) {
    if (alive) {
      conductor.ready(this, continuation);
    }
  }

  /** Whether it may run now; what a paused process has to do is kept for later. */
  boolean mayRun(Runnable task) {
    if (alive && paused) {
      held.add(task);
    }
    return alive && !paused;
  }

  /** As kill -9. */
  void kill() {
    alive = false;
    held.clear();
  }

  /** Nothing of it runs until it goes on; time passes for it all the same. */
  void pause() {
    paused = true;
  }

  void goOn() {
    paused = false;
    held.forEach(task -> conductor.ready(this, task));
    held.clear();
  }

  /** Sets the wall clock that far ahead of true time; negative for behind. */
  void setClock(long aheadMillis) {
    clockAheadMillis = aheadMillis;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return conductor.millis() + clockAheadMillis;
  }

  @Override
  public long nanoTime() {
    return conductor.nowNanos();
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's, see the port
  public void await(Lock lock, Condition condition, long nanos) throws InterruptedException {
    Conductor.Timer timer =
        conductor.after(this, nanos, () -> spawn(() -> signal(lock, condition)));
    try {
      condition.await();
    } finally {
      timer.cancel();
    }
  }

  private static void signal(Lock lock, Condition condition) {
    lock.lock();
    try {
      condition.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits on one of its threads; an interrupt ends the waiting and stays pending. */
  void sleep(long millis) {
    Thread thread = Thread.currentThread();
    if (!thread.isVirtual()) {
      return;
    }
    boolean[] over = new boolean[1];
    Conductor.Timer timer =
        conductor.after(
            this,
            TimeUnit.MILLISECONDS.toNanos(millis),
            () -> {
              over[0] = true;
              LockSupport.unpark(thread);
            });
    while (!over[0] && !thread.isInterrupted()) {
      LockSupport.park(this);
    }
    timer.cancel();
  }

  @Override
  public String toString() {
    return name;
  }
}
