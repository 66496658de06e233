package org.interseal.store.memory;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.interseal.store.InsertOutcome;
import org.interseal.store.MutableTable.Versioned;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Scheduler;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * The rows behind {@link UnkindStore}s, and the dice. Its monitor guards both; no callback runs
 * under it.
 */
final class UnkindDatabase {
  /** The visible rows of an insert-only table. */
  static final class Rows {
    final TreeMap<String, Row> byId = new TreeMap<>();
    final Map<String, TreeMap<Position, Row>> byStream = new HashMap<>();

    NavigableMap<Position, Row> stream(String stream) {
      return byStream.getOrDefault(stream, new TreeMap<>());
    }
  }

  private final boolean shared;
  private final SplittableRandom random;
  private final InstantSource clock;
  private final Scheduler scheduler;
  private final UnkindFeeds feeds;
  private final long overlapMillis;
  private final long acknowledgementLimitMillis;
  private final Map<TableName, Rows> rows = new EnumMap<>(TableName.class);
  private final Map<TableName, TreeMap<String, Versioned>> mutable = new EnumMap<>(TableName.class);
  private Unkindness unkindness;

  UnkindDatabase(
      boolean shared, long seed, InstantSource clock, Scheduler scheduler, Unkindness unkindness) {
    this.shared = shared;
    this.random = new SplittableRandom(seed);
    this.clock = clock;
    this.scheduler = scheduler;
    this.unkindness = unkindness;
    this.feeds = new UnkindFeeds(this, scheduler);
    this.overlapMillis = unkindness.overlapMillis();
    this.acknowledgementLimitMillis = unkindness.timing().acknowledgementLimitMillis();
    for (TableName name : TableName.values()) {
      rows.put(name, new Rows());
      mutable.put(name, new TreeMap<>());
    }
  }

  /** With the same rows, and dice, clock and unkindness of its own. */
  synchronized UnkindDatabase copy(
      long seed, InstantSource newClock, Scheduler newScheduler, Unkindness newUnkindness) {
    UnkindDatabase copy = new UnkindDatabase(shared, seed, newClock, newScheduler, newUnkindness);
    rows.forEach((name, table) -> {
      Rows copied = copy.table(name);
      copied.byId.putAll(table.byId);
      table.byStream.forEach((stream, of) -> copied.byStream.put(stream, new TreeMap<>(of)));
    });
    mutable.forEach((name, table) -> copy.mutableTable(name).putAll(table));
    return copy;
  }

  boolean isShared() {
    return shared;
  }

  UnkindFeeds feeds() {
    return feeds;
  }

  long overlapMillis() {
    return overlapMillis;
  }

  long acknowledgementLimitMillis() {
    return acknowledgementLimitMillis;
  }

  synchronized void become(Unkindness changed) {
    unkindness = changed;
  }

  synchronized Unkindness unkindness() {
    return unkindness;
  }

  /** Throws the dice. */
  synchronized boolean happens(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  /** From 0 to {@code max}, both possible. */
  synchronized long upTo(long max) {
    return max == 0 ? 0 : random.nextLong(max + 1);
  }

  /**
   * In real time too, a task without delay runs at once: commits of a kind store need no thread.
   */
  void run(long delayMillis, Runnable task) {
    if (delayMillis == 0) {
      task.run();
    } else {
      scheduler.after(delayMillis, task);
    }
  }

  /** What the clock of some node says, cut to the granularity of stamps. */
  synchronized long stamp() {
    Unkindness.Timing timing = unkindness.timing();
    long skewed =
        clock.millis() + upTo(2 * timing.maxClockSkewMillis()) - timing.maxClockSkewMillis();
    return skewed - Math.floorMod(skewed, timing.stampGranularityMillis());
  }

  synchronized long nowMillis() throws StoreUnavailable {
    mayFail();
    return stamp();
  }

  synchronized void mayFail() throws StoreUnavailable {
    if (happens(unkindness.readsFail())) {
      throw new StoreUnavailable("the store is unkind");
    }
  }

  /** A read of visible rows. */
  interface Query<T> {
    T of(Rows rows);
  }

  synchronized <T> T read(UnkindStore reader, TableName name, Query<T> query)
      throws StoreUnavailable {
    if (!reader.isObserver()) {
      mayFail();
    }
    return query.of(table(name));
  }

  private Rows table(TableName name) {
    return rows.computeIfAbsent(name, key -> new Rows());
  }

  /** Makes the row visible unless its id is taken; whoever follows hears of it. */
  InsertOutcome commit(TableName name, NewRow row, long stamp) {
    InsertOutcome outcome = put(name, row, stamp);
    if (outcome instanceof InsertOutcome.Inserted) {
      feeds.changed(name, row.stream());
    }
    return outcome;
  }

  private synchronized InsertOutcome put(TableName name, NewRow row, long stamp) {
    Rows table = table(name);
    Row existing = table.byId.get(row.id());
    if (existing == null) {
      Row stored = new Row(row.stream(), row.id(), row.body(), stamp);
      table.byId.put(row.id(), stored);
      table
          .byStream
          .computeIfAbsent(row.stream(), key -> new TreeMap<>())
          .put(stored.position(), stored);
      return new InsertOutcome.Inserted(stamp);
    }
    return existing.stream().equals(row.stream()) && existing.body().equals(row.body())
        ? new InsertOutcome.AlreadyThere(existing.timestampMillis())
        : new InsertOutcome.Occupied(existing);
  }

  synchronized NavigableMap<String, Versioned> readMutable(TableName name) throws StoreUnavailable {
    mayFail();
    return new TreeMap<>(mutableTable(name));
  }

  private NavigableMap<String, Versioned> mutableTable(TableName name) {
    return mutable.computeIfAbsent(name, key -> new TreeMap<>());
  }

  /** Half of the failures happen after the write. */
  synchronized boolean writeMutable(TableName name, String id, String body, Optional<Long> expected)
      throws StoreUnavailable {
    boolean fails = happens(unkindness.readsFail());
    if (fails && random.nextBoolean()) {
      throw new StoreUnavailable("the store is unkind, and did not write");
    }
    NavigableMap<String, Versioned> table = mutableTable(name);
    Versioned existing = table.get(id);
    long version = existing == null ? 0 : existing.version();
    boolean writes = expected.isEmpty() || expected.get() == version;
    if (writes) {
      table.put(id, new Versioned(id, body, version + 1, stamp()));
    }
    if (fails) {
      throw new StoreUnavailable(
          "the store is unkind, and has " + (writes ? "" : "not ") + "written");
    }
    return writes;
  }
}
