package org.interseal.store.rethinkdb;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the rows of one table that this process wrote and the cluster acknowledged for some time,
 * looks for each of them twice, and puts back what is gone: RethinkDB 2.4.4 can lose single
 * acknowledged rows when a killed node comes back.
 *
 * <p>A row that is put back has the bytes and the id that it had, and a stamp of its own: readers
 * by cursor find it, and those who saw it before take it for a duplicate. Where another row has its
 * id meanwhile it stays lost, which is logged as an error.
 *
 * <p>Bounded: past {@value #MAX_ROWS} rows or {@value #MAX_LENGTH} characters the oldest ones are
 * let go, those first that were found once. Nobody keeps what a process wrote just before it ended.
 * Thread-safe.
 */
final class KeptRows {
  static final int MAX_ROWS = 50_000;
  static final long MAX_LENGTH = 16L * 1024 * 1024;

  /** Rows are looked for after this part of the time that they are kept, and at its end. */
  static final int FIRST_LOOK_PART = 4;

  /**
   * Who could not look for a row for so many times as long as it is kept, because it was stopped or
   * the cluster did not answer, lets it go: it may have been dropped on purpose by now.
   */
  static final int MAX_AGE_FACTOR = 3;

  private static final int MAX_LOGGED = 20;

  private static final Logger log = LoggerFactory.getLogger(KeptRows.class);

  /** The table, for who keeps rows of it. */
  interface Rows {
    /** Which of at most {@value StoreLimits#MAX_ROWS} ids a majority has. Blocks. */
    Set<String> standing(List<String> ids) throws StoreUnavailable;

    /** As {@link org.interseal.store.AppendTable#insert}. */
    CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows);
  }

  /**
   * What became of rows.
   *
   * @param putBack were gone
   * @param taken were gone, and another row had their id
   * @param letGo were not looked for to the end: there were too many, or it took too long
   */
  record Counts(long putBack, long taken, long letGo) {
    static final Counts NONE = new Counts(0, 0, 0);

    Counts plus(Counts more) {
      return new Counts(putBack + more.putBack, taken + more.taken, letGo + more.letGo);
    }
  }

  private record Kept(NewRow row, long sinceNanos) {}

  /** Rows that wait to be looked for, those that were acknowledged first at the head. */
  private static final class Waiting {
    private final Deque<Kept> rows = new ArrayDeque<>();
    private final long afterNanos;
    private long length;

    Waiting(long afterNanos) {
      this.afterNanos = afterNanos;
    }

    void add(Kept kept) {
      rows.addLast(kept);
      length += InsertQueue.length(kept.row());
    }

    void addBack(List<Kept> first) {
      first
          .reversed()
          .forEach(kept -> {
            rows.addFirst(kept);
            length += InsertQueue.length(kept.row());
          });
    }

    boolean letGo() {
      Kept oldest = rows.pollFirst();
      length -= oldest == null ? 0 : InsertQueue.length(oldest.row());
      return oldest != null;
    }

    /** Of the oldest row; 0 without any. */
    long ageNanos(long nowNanos) {
      Kept oldest = rows.peekFirst();
      return oldest == null ? 0 : nowNanos - oldest.sinceNanos();
    }

    List<Kept> takeDue(long nowNanos) {
      List<Kept> due = new ArrayList<>();
      while (!rows.isEmpty()
          && ageNanos(nowNanos) >= afterNanos
          && due.size() < StoreLimits.MAX_ROWS) {
        due.add(rows.getFirst());
        var _ = letGo();
      }
      return due;
    }
  }

  private final String table;
  private final Rows rows;
  private final LongSupplier nanoTime;
  private final long maxAgeNanos;
  private final Waiting first;
  private final Waiting last;
  private boolean looking;
  private Counts counts = Counts.NONE;

  /**
   * @param table its name, for people
   * @param keepMillis how long rows are kept
   * @param nanoTime as {@link System#nanoTime}
   */
  KeptRows(String table, Rows rows, long keepMillis, LongSupplier nanoTime) {
    long keepNanos = TimeUnit.MILLISECONDS.toNanos(keepMillis);
    this.table = table;
    this.rows = rows;
    this.nanoTime = nanoTime;
    this.maxAgeNanos = keepNanos * MAX_AGE_FACTOR;
    this.first = new Waiting(keepNanos / FIRST_LOOK_PART);
    this.last = new Waiting(keepNanos);
  }

  /** Keeps those of the rows that stand now. */
  synchronized void answered(List<NewRow> written, List<InsertOutcome> outcomes) {
    long now = nanoTime.getAsLong();
    for (int i = 0; i < written.size(); i++) {
      switch (outcomes.get(i)) {
        case InsertOutcome.Inserted _, InsertOutcome.AlreadyThere _ ->
            first.add(new Kept(written.get(i), now));
        case InsertOutcome.Occupied _, InsertOutcome.Unknown _, InsertOutcome.Failed _ -> {}
      }
    }
    letGoOfTooMany();
  }

  private void letGoOfTooMany() {
    while (first.rows.size() + last.rows.size() > MAX_ROWS
        || first.length + last.length > MAX_LENGTH) {
      if (!last.letGo()) {
        var _ = first.letGo();
      }
      counts = counts.plus(new Counts(0, 0, 1));
    }
  }

  synchronized Counts counts() {
    return counts;
  }

  /** Whether every row was looked for to the end. */
  synchronized boolean isEmpty() {
    return first.rows.isEmpty() && last.rows.isEmpty() && !looking;
  }

  /**
   * Looks for the rows that it is time for. Called by one thread at a time. Blocks.
   *
   * @throws StoreUnavailable when the cluster does not say what it has; the rows are kept
   */
  void look() throws StoreUnavailable {
    look(first);
    look(last);
  }

  private void look(Waiting waiting) throws StoreUnavailable {
    // A row that was just put back is not due, so that this ends.
    long now = nanoTime.getAsLong();
    for (List<Kept> due = takeDue(waiting, now); !due.isEmpty(); due = takeDue(waiting, now)) {
      List<Kept> open = due;
      try {
        open = look(waiting, due);
      } finally {
        keepOn(waiting, open);
      }
      if (!open.isEmpty()) {
        return;
      }
    }
  }

  private synchronized List<Kept> takeDue(Waiting waiting, long nowNanos) {
    while (waiting.ageNanos(nowNanos) > maxAgeNanos && waiting.letGo()) {
      counts = counts.plus(new Counts(0, 0, 1));
    }
    List<Kept> due = waiting.takeDue(nowNanos);
    looking = !due.isEmpty();
    return due;
  }

  private synchronized void keepOn(Waiting waiting, List<Kept> open) {
    waiting.addBack(open);
    letGoOfTooMany();
    looking = false;
  }

  /** Returns the rows of which it is not known what became of them. */
  private List<Kept> look(Waiting waiting, List<Kept> due) throws StoreUnavailable {
    Set<String> standing =
        rows.standing(due.stream().map(kept -> kept.row().id()).distinct().toList());
    List<Kept> gone = new ArrayList<>();
    synchronized (this) {
      for (Kept kept : due) {
        if (!standing.contains(kept.row().id())) {
          gone.add(kept);
        } else if (waiting == first) {
          last.add(kept);
        }
      }
    }
    return gone.isEmpty() ? List.of() : putBack(gone);
  }

  private List<Kept> putBack(List<Kept> gone) {
    List<NewRow> again = gone.stream().map(Kept::row).distinct().toList();
    List<InsertOutcome> outcomes = rows.insert(again).join();
    answered(again, outcomes);
    List<String> back = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    Set<NewRow> open = new HashSet<>();
    for (int i = 0; i < again.size(); i++) {
      NewRow row = again.get(i);
      switch (outcomes.get(i)) {
        case InsertOutcome.Inserted _ -> back.add(row.id());
        case InsertOutcome.AlreadyThere _ -> {}
        case InsertOutcome.Occupied _ -> taken.add(row.id());
        case InsertOutcome.Unknown _, InsertOutcome.Failed _ -> open.add(row);
      }
    }
    tell(back, taken);
    return gone.stream().filter(kept -> open.contains(kept.row())).toList();
  }

  private void tell(List<String> back, List<String> taken) {
    synchronized (this) {
      counts = counts.plus(new Counts(back.size(), taken.size(), 0));
    }
    if (!back.isEmpty()) {
      log.warn(
          "{}: {} acknowledged rows were gone and were put back: {}",
          table,
          back.size(),
          some(back));
    }
    if (!taken.isEmpty()) {
      log.error(
          "{}: {} acknowledged rows are gone, and others have their ids: {}",
          table,
          taken.size(),
          some(taken));
    }
  }

  private static List<String> some(List<String> ids) {
    return ids.subList(0, Math.min(ids.size(), MAX_LOGGED));
  }
}
