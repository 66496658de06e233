package org.interseal.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Reads one stream of an insert-only table completely.
 *
 * <p>Guarantees: {@link #poll} returns no row twice, and every row that became visible no more than
 * the store's overlap behind what this reader had passed. Rows that came later still (their writers
 * must insert again, see {@link DurableInsert}) are found by {@link #sweep}, in its own time. A row
 * that the store lost and whose writer put it back has a new stamp, and is another row to a reader.
 *
 * <p>A reader that starts at a cursor begins with the whole overlap before it; its sweep looks at
 * everything before that too, as what an earlier reader missed is known to nobody.
 *
 * <p>No row is returned while its stamp is further ahead of the store's clock than the clocks of
 * its nodes can be, and the cursor never passes that clock: a forged stamp hides no other row.
 *
 * <p>Where the overlap is 0 a poll is one query. Elsewhere most polls read forward only; every few
 * of them, and whenever there is nothing new ahead, the references of the overlap are compared with
 * what was returned.
 *
 * <p>For one thread at a time. A method that throws has changed nothing and can be called again.
 */
public final class StreamReader {
  /** Bound of what is remembered. Past it the overlap shortens, and the sweep makes up for that. */
  private static final int MAX_SEEN = 500_000;

  /** So many pages are read forward before the overlap is looked through again. */
  private static final int FORWARD_POLLS_PER_SCAN = 8;

  private static final int MAX_FETCH = 100;

  private final Store store;
  private final AppendTable table;
  private final String stream;
  private final long overlapMillis;
  private final Position start;
  private final Predicate<String> known;
  private final int maxSeen;
  private final StreamSweep sweep;
  private final TreeSet<Position> seen = new TreeSet<>();

  /** The greatest position returned. */
  private Position highest;

  /**
   * What {@link #highest} was when the overlap was last looked through to its end, or the store's
   * clock when that was less.
   */
  private Position scanned;

  /** The store's clock when it was last asked. */
  private long storeMillis;

  /** Up to here nothing is remembered any more. */
  private Position floor = Position.START;

  private int forwardPolls = FORWARD_POLLS_PER_SCAN;

  /** Whether anything may lie ahead, as far as the last scan saw. */
  private boolean ahead = true;

  /**
   * @param store whose overlap counts
   * @param table of that store
   * @param start {@link Position#START}, or a {@link #cursor()} of an earlier reader of this
   *     stream; rows within the overlap before it are returned again
   */
  public StreamReader(Store store, AppendTable table, String stream, Position start) {
    this(store, table, stream, start, id -> false);
  }

  /**
   * @param known ids of rows up to {@code start} that need not be returned again, which spares
   *     reading them
   * @see #StreamReader(Store, AppendTable, String, Position)
   */
  public StreamReader(
      Store store, AppendTable table, String stream, Position start, Predicate<String> known) {
    this(store, table, stream, start, known, MAX_SEEN);
  }

  StreamReader(
      Store store,
      AppendTable table,
      String stream,
      Position start,
      Predicate<String> known,
      int maxSeen) {
    this.maxSeen = maxSeen;
    this.store = store;
    this.table = table;
    this.stream = stream;
    this.overlapMillis = store.overlapMillis();
    this.start = start;
    this.known = known;
    this.highest = start;
    this.scanned = start;
    this.sweep = new StreamSweep(table, stream, windowStart(start), known, StreamSweep.MAX_HASHES);
  }

  /**
   * Rows that were not returned before, in order of (timestamp, id) within one call.
   *
   * @param maxRows 1 to {@link StoreLimits#MAX_ROWS}; large rows make it fewer
   * @return empty only when there is nothing new
   */
  public List<Row> poll(int maxRows) throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_ROWS);
    if (overlapMillis == 0) {
      leaveTheFuture();
      List<Row> page = forward(maxRows);
      scanned = highest;
      return page;
    }
    boolean nothingAhead = false;
    if (forwardPolls < FORWARD_POLLS_PER_SCAN) {
      List<Row> page = forward(maxRows);
      if (!page.isEmpty()) {
        forwardPolls++;
        return page;
      }
      nothingAhead = true;
    }
    List<Row> late = scan(maxRows);
    return late.isEmpty() && !nothingAhead ? forward(maxRows) : late;
  }

  /**
   * As {@link #poll}, for streams that are mostly at rest: one query where there is nothing new,
   * and two before the first row of what is. Where much is new it is dearer than {@link #poll}: it
   * looks through the overlap each time.
   */
  public List<Row> pollAtRest(int maxRows) throws StoreUnavailable {
    if (overlapMillis == 0) {
      return poll(maxRows);
    }
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_ROWS);
    List<Row> late = scan(maxRows);
    return late.isEmpty() && ahead ? forward(maxRows) : late;
  }

  /**
   * As {@link #poll}, but only what lies ahead of all that was returned; empty says nothing of rows
   * that became visible behind it, and the cursor stays where it is. One query, whatever the
   * overlap: for who polls in full soon.
   */
  public List<Row> pollForward(int maxRows) throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_ROWS);
    return overlapMillis == 0 ? poll(maxRows) : forward(maxRows);
  }

  /**
   * Where a later reader can start: everything up to the overlap before it has been returned. Never
   * ahead of what was returned, nor of the store's clock.
   */
  public Position cursor() {
    return scanned;
  }

  /** How many positions are remembered. */
  int seenCount() {
    return seen.size();
  }

  /**
   * Looks for rows that {@link #poll} never returned, ids only, from {@code oldestMillis} on and up
   * to the overlap; starts again from there when it is through.
   *
   * <p>Where the overlap is 0 there is nothing to look for, and nothing is done. A reader that
   * started at a cursor does not know what was returned before: all rows before its overlap are
   * returned once, unless they were said to be known, those closest to the start first. Of a
   * stretch of ten seconds in which rows were missed, rows that were returned long ago may be
   * returned again.
   *
   * @param oldestMillis by the store's clock; what lies before is forgotten. When it is later than
   *     what this reader has passed, nothing is done
   * @param maxReferences the most references read in this call, at most {@link
   *     StoreLimits#MAX_REFERENCES}
   * @return at most 100 rows
   */
  public List<Row> sweep(long oldestMillis, int maxReferences) throws StoreUnavailable {
    StoreLimits.requireCount(maxReferences, StoreLimits.MAX_REFERENCES);
    long limitMillis = windowStart(scanned).timestampMillis();
    if (overlapMillis == 0 || oldestMillis > limitMillis) {
      return List.of();
    }
    return sweep.step(oldestMillis, limitMillis, maxReferences);
  }

  private List<Row> forward(int maxRows) throws StoreUnavailable {
    List<Row> page = table.readAfter(stream, highest, maxRows);
    if (overlapMillis > 0) {
      page = stampedInTime(page);
    }
    accept(page);
    return page;
  }

  /** Without the rows at its end whose stamps no node's clock can have given yet. */
  private List<Row> stampedInTime(List<Row> page) throws StoreUnavailable {
    if (page.isEmpty() || page.getLast().timestampMillis() <= storeMillis + overlapMillis) {
      return page;
    }
    storeMillis = store.nowMillis();
    return page.stream()
        .filter(row -> row.timestampMillis() <= storeMillis + overlapMillis)
        .toList();
  }

  private List<Row> scan(int maxRows) throws StoreUnavailable {
    storeMillis = store.nowMillis();
    Position now = new Position(storeMillis, "");
    leaveTheFuture(now);
    List<Row> late = new ArrayList<>();
    boolean complete = false;
    ahead = true;
    try {
      complete = collectUnseen(late, maxRows);
    } catch (StoreUnavailable e) {
      if (late.isEmpty()) {
        throw e;
      }
    }
    accept(late);
    if (complete) {
      Position passed = highest.compareTo(now) < 0 ? highest : now;
      scanned = passed.compareTo(scanned) > 0 ? passed : scanned;
      forwardPolls = 0;
      forget();
    }
    return late;
  }

  /** As below, once. */
  private void leaveTheFuture() throws StoreUnavailable {
    if (storeMillis == 0 && !start.equals(Position.START)) {
      storeMillis = store.nowMillis();
      leaveTheFuture(new Position(storeMillis, ""));
    }
  }

  /**
   * A cursor from the future is of an older program or a forgery, or the store's clock was set
   * back.
   */
  private void leaveTheFuture(Position now) {
    if (scanned.equals(start) && start.compareTo(now) > 0) {
      highest = now;
      scanned = now;
    }
  }

  /** Says whether it came to {@link #highest}; rows beyond are for reading forward. */
  private boolean collectUnseen(List<Row> late, int maxRows) throws StoreUnavailable {
    Position at = floor.compareTo(windowStart(scanned)) > 0 ? floor : windowStart(scanned);
    while (true) {
      List<RowRef> references = table.referencesAfter(stream, at, StoreLimits.MAX_REFERENCES);
      List<String> unseen = new ArrayList<>();
      ahead = false;
      for (RowRef reference : references) {
        ahead = reference.position().compareTo(highest) > 0;
        if (ahead) {
          break;
        }
        at = reference.position();
        if (seen.contains(at)) {
          continue;
        }
        if (at.compareTo(start) <= 0 && known.test(reference.id())) {
          noted(at, reference.id());
        } else {
          unseen.add(reference.id());
        }
      }
      if (!fetch(unseen, late, maxRows)) {
        ahead = true;
        return false;
      }
      if (ahead || references.size() < StoreLimits.MAX_REFERENCES) {
        return true;
      }
    }
  }

  /** Appends these rows until there are enough; says whether all of them are in. */
  private boolean fetch(List<String> ids, List<Row> rows, int maxRows) throws StoreUnavailable {
    long length = 0;
    for (int from = 0; from < ids.size(); ) {
      int room = Math.min(MAX_FETCH, maxRows - rows.size());
      if (room == 0 || length > StoreLimits.MAX_PAGE_LENGTH) {
        return false;
      }
      List<String> part = ids.subList(from, Math.min(ids.size(), from + room));
      List<Row> found = new ArrayList<>(table.findAll(part));
      found.sort(Comparator.comparing(Row::position));
      rows.addAll(found);
      length += found.stream().mapToLong(row -> row.body().length()).sum();
      if (found.size() < part.size()) {
        return false;
      }
      from += part.size();
    }
    return true;
  }

  private void accept(List<Row> rows) {
    for (Row row : rows) {
      Position position = row.position();
      if (overlapMillis > 0) {
        noted(position, row.id());
      }
      if (position.compareTo(highest) > 0) {
        highest = position;
      }
    }
  }

  private void noted(Position position, String id) {
    seen.add(position);
    // Also while the overlap is not looked through: much may lie ahead, and for long.
    while (seen.size() > maxSeen) {
      floor = seen.removeFirst();
    }
    sweep.returned(id, position.timestampMillis());
  }

  private void forget() {
    seen.headSet(windowStart(scanned)).clear();
  }

  private Position windowStart(Position position) {
    return new Position(Math.max(0, position.timestampMillis() - overlapMillis), "");
  }
}
