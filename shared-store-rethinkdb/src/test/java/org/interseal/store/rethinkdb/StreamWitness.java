package org.interseal.store.rethinkdb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.interseal.store.AppendTable;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;

/**
 * Reads one stream as processes do, woken by the feed and polling as well, and remembers what it
 * saw.
 */
final class StreamWitness implements AutoCloseable {
  private static final long POLL_MILLIS = 500;
  private static final long RETRY_MILLIS = 100;
  private static final int PAGE_ROWS = 500;
  private static final int POLLS_PER_SWEEP = 40;
  private static final int SWEPT_REFERENCES = 10_000;

  private final Store store;
  private final StreamReader reader;
  private final AppendTable.Feed feed;
  private final Semaphore woken = new Semaphore(0);
  private final Map<String, Long> polled = new HashMap<>();
  private final Set<String> swept = new HashSet<>();
  private final Set<String> seenAgain = new HashSet<>();
  private final List<String> wrong = new ArrayList<>();
  private final Thread thread;
  private volatile boolean over;
  private int unanswered;

  /**
   * @param store becomes its own
   */
  StreamWitness(Store store, TableName table, String stream) {
    this.store = store;
    this.reader = new StreamReader(store, store.append(table), stream, Position.START);
    this.feed = store.append(table).follow(stream, woken::release, woken::release);
    this.thread = Thread.ofPlatform().daemon().name("witness-" + stream).start(this::readUntilOver);
  }

  private void readUntilOver() {
    for (int polls = 1; !over; polls++) {
      try {
        boolean idle = polls % POLLS_PER_SWEEP == 0 ? !sweep() : !poll();
        if (idle) {
          pause(POLL_MILLIS);
        }
      } catch (StoreUnavailable e) {
        countUnanswered();
        pause(RETRY_MILLIS);
      } catch (RuntimeException e) {
        synchronized (this) {
          wrong.add("the reader failed: " + e);
          notifyAll();
        }
        return;
      }
    }
  }

  private boolean poll() throws StoreUnavailable {
    List<Row> rows = reader.poll(PAGE_ROWS);
    notePolled(rows);
    return !rows.isEmpty();
  }

  private boolean sweep() throws StoreUnavailable {
    List<Row> rows = reader.sweep(0, SWEPT_REFERENCES);
    noteSwept(rows);
    return !rows.isEmpty();
  }

  private synchronized void countUnanswered() {
    unanswered++;
  }

  private synchronized void notePolled(List<Row> rows) {
    for (Row row : rows) {
      Long before = polled.put(row.id(), row.timestampMillis());
      if (before != null) {
        seenAgain.add(row.id());
      }
      check(row);
    }
    notifyAll();
  }

  /** A sweep may return again what polls returned long ago. */
  private synchronized void noteSwept(List<Row> rows) {
    for (Row row : rows) {
      swept.add(row.id());
      Long before = polled.get(row.id());
      if (before != null && before != row.timestampMillis()) {
        seenAgain.add(row.id());
      }
      check(row);
    }
    notifyAll();
  }

  /** Rows that were seen again: with another stamp, or by a poll. */
  synchronized Set<String> seenAgain() {
    return Set.copyOf(seenAgain);
  }

  private void check(Row row) {
    if (!row.body().equals(StreamLoad.body(row.id()))) {
      wrong.add("another body: " + row.id());
    }
  }

  private void pause(long millis) {
    try {
      if (woken.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        woken.drainPermits();
      }
    } catch (InterruptedException e) {
      over = true;
    }
  }

  /** Waits until all of these were seen, and returns those that were not when time is up. */
  synchronized Set<String> awaitSeen(Collection<String> ids, long maxMillis)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis);
    while (true) {
      Set<String> missing = new HashSet<>(ids);
      missing.removeAll(polled.keySet());
      missing.removeAll(swept);
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (missing.isEmpty() || left <= 0) {
        return missing;
      }
      wait(left);
    }
  }

  /** Seen by the sweep alone. */
  synchronized int lateRows() {
    Set<String> late = new HashSet<>(swept);
    late.removeAll(polled.keySet());
    return late.size();
  }

  /** Of these, the ones that were seen by the sweep alone. */
  synchronized Set<String> lateRows(Set<String> ids) {
    Set<String> late = new HashSet<>(ids);
    late.retainAll(swept);
    late.removeAll(polled.keySet());
    return late;
  }

  synchronized int unanswered() {
    return unanswered;
  }

  /** Promises of the reader that were broken. */
  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  @Override
  public void close() {
    over = true;
    woken.release();
    feed.close();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }
}
