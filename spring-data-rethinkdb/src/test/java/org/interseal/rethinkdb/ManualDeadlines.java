package org.interseal.rethinkdb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes when the test says so. */
final class ManualDeadlines implements Deadlines {
  private final List<Runnable> pending = new ArrayList<>();

  @Override
  public synchronized Cancellation after(Duration delay, Runnable task) {
    pending.add(task);
    return () -> cancel(task);
  }

  private synchronized void cancel(Runnable task) {
    pending.remove(task);
  }

  synchronized int pending() {
    return pending.size();
  }

  /** Time is up for all that is waiting now. */
  void expire() {
    List<Runnable> due;
    synchronized (this) {
      due = List.copyOf(pending);
      pending.clear();
    }
    due.forEach(Runnable::run);
  }
}
