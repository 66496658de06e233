package org.interseal.store.rethinkdb;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
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
 * <p>Bounded: past {@value #MAX_ROWS} rows, or so many characters as it is given, it lets go of the
 * rows whose next look is the furthest away, which are mostly those that were found once.
 * Thread-safe.
 */
final class KeptRows {
  static final int MAX_ROWS = 50_000;

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
    /** The stamps of those of at most {@value StoreLimits#MAX_ROWS} ids that are there. Blocks. */
    Map<String, Long> stamps(List<String> ids) throws StoreUnavailable;

    /** As {@link org.interseal.store.AppendTable#insert}. */
    CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows);
  }

  /**
   * What became of rows.
   *
   * @param putBack were gone
   * @param lost were gone, and another row had their id or they could not be put back
   * @param letGo were not looked for to the end: there were too many, or it took too long
   */
  record Counts(long putBack, long lost, long letGo) {
    static final Counts NONE = new Counts(0, 0, 0);

    Counts plus(Counts more) {
      return new Counts(putBack + more.putBack, lost + more.lost, letGo + more.letGo);
    }
  }

  /**
   * @param stampMillis with which it was last known to stand
   * @param sinceNanos when it was acknowledged or put back
   * @param found whether it was looked for once
   * @param gone whether it was missing when it was looked for last
   */
  private record Kept(NewRow row, long stampMillis, long sinceNanos, boolean found, boolean gone) {
    String id() {
      return row.id();
    }

    Kept foundAt(long millis) {
      return new Kept(row, millis, sinceNanos, true, false);
    }

    Kept missing() {
      return new Kept(row, stampMillis, sinceNanos, found, true);
    }
  }

  private final String table;
  private final Rows rows;
  private final long keepNanos;
  private final long maxLength;
  private final LongSupplier nanoTime;
  private final long originNanos;
  private final TreeSet<Kept> byTurn =
      new TreeSet<>(Comparator.comparingLong(this::turn).thenComparing(Kept::id));
  private final Map<String, Kept> byId = new HashMap<>();
  private long length;
  private boolean looking;
  private boolean toldOfLettingGo;
  private Counts counts = Counts.NONE;

  /**
   * @param table its name, for people
   * @param keepMillis how long rows are kept
   * @param maxLength of all rows that are kept, in characters
   * @param nanoTime as {@link System#nanoTime}
   */
  KeptRows(String table, Rows rows, long keepMillis, long maxLength, LongSupplier nanoTime) {
    this.table = table;
    this.rows = rows;
    this.keepNanos = TimeUnit.MILLISECONDS.toNanos(keepMillis);
    this.maxLength = maxLength;
    this.nanoTime = nanoTime;
    this.originNanos = nanoTime.getAsLong();
  }

  private long now() {
    return nanoTime.getAsLong() - originNanos;
  }

  /** When it is looked for next. */
  private long turn(Kept kept) {
    return kept.sinceNanos() + (kept.found() ? keepNanos : keepNanos / FIRST_LOOK_PART);
  }

  /** Keeps those of the rows that stand now. */
  synchronized void answered(List<NewRow> written, List<InsertOutcome> outcomes) {
    for (int i = 0; i < written.size(); i++) {
      switch (outcomes.get(i)) {
        case InsertOutcome.Inserted(long at) -> keep(written.get(i), at);
        case InsertOutcome.AlreadyThere(long at) -> keep(written.get(i), at);
        case InsertOutcome.Occupied _, InsertOutcome.Unknown _, InsertOutcome.Failed _ -> {}
      }
    }
    letGoOfTooMany();
  }

  private void keep(NewRow row, long stampMillis) {
    keep(new Kept(row, stampMillis, now(), false, false));
  }

  /** Who is told twice of a row keeps it once. */
  private void keep(Kept kept) {
    if (byId.putIfAbsent(kept.id(), kept) == null) {
      byTurn.add(kept);
      length += InsertQueue.length(kept.row());
    }
  }

  private void release(Kept kept) {
    byId.remove(kept.id());
    length -= InsertQueue.length(kept.row());
  }

  private void letGoOfTooMany() {
    List<Kept> tooMany = new ArrayList<>();
    while (byId.size() > MAX_ROWS || length > maxLength) {
      Kept last = byTurn.removeLast();
      release(last);
      tooMany.add(last);
    }
    letGo(tooMany);
  }

  private void letGo(List<Kept> left) {
    List<String> lost = left.stream().filter(Kept::gone).map(Kept::id).toList();
    int others = left.size() - lost.size();
    counts = counts.plus(new Counts(0, lost.size(), others));
    if (!lost.isEmpty()) {
      log.error("{}: {} acknowledged rows stay lost: {}", table, lost.size(), some(lost));
    }
    if (others > 0 && !toldOfLettingGo) {
      toldOfLettingGo = true;
      log.warn("{}: rows are not looked for to the end any more: too many, or too long ago", table);
    }
  }

  synchronized Counts counts() {
    return counts;
  }

  /** Whether every row was looked for to the end. */
  synchronized boolean isEmpty() {
    return byId.isEmpty() && !looking;
  }

  /**
   * Looks for the rows whose turn it is. Called by one thread at a time. Blocks.
   *
   * @throws StoreUnavailable when the cluster does not say what it has; the rows are kept
   */
  void look() throws StoreUnavailable {
    look(take(now()));
  }

  /** As {@link #look}, for all rows whatever their turn. */
  void lookForAll() throws StoreUnavailable {
    look(take(Long.MAX_VALUE));
  }

  /** Says which rows are known to be gone and will not be put back by this process. */
  synchronized void giveUp() {
    letGo(byId.values().stream().filter(Kept::gone).toList());
    byId.clear();
    byTurn.clear();
    length = 0;
  }

  private synchronized List<Kept> take(long untilNanos) {
    List<Kept> due = new ArrayList<>();
    List<Kept> tooOld = new ArrayList<>();
    while (!byTurn.isEmpty() && turn(byTurn.getFirst()) <= untilNanos) {
      Kept next = byTurn.removeFirst();
      release(next);
      (isTooOld(next) ? tooOld : due).add(next);
    }
    letGo(tooOld);
    looking = !due.isEmpty();
    return due;
  }

  private boolean isTooOld(Kept kept) {
    return now() - kept.sinceNanos() > MAX_AGE_FACTOR * keepNanos;
  }

  private void look(List<Kept> due) throws StoreUnavailable {
    int done = 0;
    try {
      while (done < due.size()) {
        int end = Math.min(due.size(), done + StoreLimits.MAX_ROWS);
        lookFor(due.subList(done, end));
        done = end;
      }
    } finally {
      lookedFor(due.subList(done, due.size()));
    }
  }

  private synchronized void lookedFor(List<Kept> rest) {
    rest.forEach(this::keep);
    looking = false;
    toldOfLettingGo = toldOfLettingGo && !rest.isEmpty();
    letGoOfTooMany();
  }

  private void lookFor(List<Kept> part) throws StoreUnavailable {
    Map<String, Long> stamps = rows.stamps(part.stream().map(Kept::id).toList());
    List<Kept> doubtful = new ArrayList<>();
    synchronized (this) {
      for (Kept kept : part) {
        Long stamp = stamps.get(kept.id());
        if (stamp == null) {
          doubtful.add(kept.missing());
        } else if (stamp != kept.stampMillis()) {
          // Put back meanwhile, or another row.
          doubtful.add(kept);
        } else {
          found(kept, stamp);
        }
      }
    }
    // The answer may have taken long.
    Map<Boolean, List<Kept>> byAge =
        doubtful.stream().collect(Collectors.partitioningBy(this::isTooOld));
    insertAgain(Objects.requireNonNull(byAge.get(false)));
    synchronized (this) {
      letGo(Objects.requireNonNull(byAge.get(true)));
    }
  }

  private void found(Kept kept, long stampMillis) {
    if (!kept.found()) {
      keep(kept.foundAt(stampMillis));
    }
  }

  private void insertAgain(List<Kept> doubtful) {
    if (doubtful.isEmpty()) {
      return;
    }
    List<InsertOutcome> outcomes = rows.insert(doubtful.stream().map(Kept::row).toList()).join();
    List<String> putBack = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    List<String> open = new ArrayList<>();
    synchronized (this) {
      for (int i = 0; i < doubtful.size(); i++) {
        Kept kept = doubtful.get(i);
        switch (outcomes.get(i)) {
          case InsertOutcome.Inserted(long at) -> {
            putBack.add(kept.id());
            keep(kept.row(), at);
          }
          case InsertOutcome.AlreadyThere(long at) when kept.gone() -> {
            // By an insert of ours without an answer, or by somebody else.
            putBack.add(kept.id());
            keep(kept.row(), at);
          }
          case InsertOutcome.AlreadyThere(long at) -> found(kept, at);
          case InsertOutcome.Occupied _ -> lost.add(kept.id());
          case InsertOutcome.Unknown _, InsertOutcome.Failed _ -> {
            keep(kept);
            open.add(kept.id());
          }
        }
      }
      counts = counts.plus(new Counts(putBack.size(), lost.size(), 0));
    }
    tell(putBack, lost, open);
  }

  private void tell(List<String> putBack, List<String> lost, List<String> open) {
    if (!putBack.isEmpty()) {
      log.warn(
          "{}: {} acknowledged rows were gone and were put back: {}",
          table,
          putBack.size(),
          some(putBack));
    }
    if (!lost.isEmpty()) {
      log.error(
          "{}: {} acknowledged rows are lost, others have their ids: {}",
          table,
          lost.size(),
          some(lost));
    }
    if (!open.isEmpty()) {
      log.warn(
          "{}: {} acknowledged rows are to be put back once the cluster takes them: {}",
          table,
          open.size(),
          some(open));
    }
  }

  private static List<String> some(List<String> ids) {
    return ids.subList(0, Math.min(ids.size(), MAX_LOGGED));
  }
}
