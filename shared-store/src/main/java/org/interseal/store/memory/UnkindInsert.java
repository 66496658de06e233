package org.interseal.store.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.TableName;

/**
 * One insert on its way: stamped at once by one node, each row visible in its own time, answered
 * when all of them are.
 */
final class UnkindInsert {
  private static final InsertOutcome UNKNOWN = new InsertOutcome.Unknown("the store is unkind");
  private static final InsertOutcome FAILED = new InsertOutcome.Failed("the store is unkind");

  /** Late rows come up to so many overlaps late. */
  private static final int LATE_OVERLAPS = 2;

  private final UnkindDatabase database;
  private final TableName table;
  private final List<NewRow> rows;
  private final List<InsertOutcome> outcomes;
  private final CompletableFuture<List<InsertOutcome>> result = new CompletableFuture<>();
  private final Unkindness unkindness;
  private final long stamp;
  private final boolean late;
  private int underWay;

  private UnkindInsert(UnkindDatabase database, TableName table, List<NewRow> rows) {
    this.database = database;
    this.table = table;
    this.rows = List.copyOf(rows);
    this.outcomes = new ArrayList<>(Collections.nCopies(rows.size(), UNKNOWN));
    this.unkindness = database.unkindness();
    this.stamp = database.stamp();
    this.late = database.happens(unkindness.writes().late());
  }

  static CompletableFuture<List<InsertOutcome>> start(
      UnkindDatabase database, TableName table, List<NewRow> rows) {
    UnkindInsert insert = new UnkindInsert(database, table, rows);
    insert.underWay = rows.size();
    for (int i = 0; i < rows.size(); i++) {
      insert.send(i);
    }
    return insert.result;
  }

  private void send(int i) {
    Unkindness.Writes writes = unkindness.writes();
    long delay = commitDelay();
    if (database.happens(writes.failed())) {
      settle(i, FAILED);
    } else if (database.happens(writes.unknownThatDidNot())) {
      database.feeds().changed(table, rows.get(i).stream());
      settle(i, UNKNOWN);
    } else if (database.happens(writes.unknownThatHappensLater())) {
      settle(i, UNKNOWN);
      database.run(1 + delay + database.upTo(database.overlapMillis()), () -> commit(i));
    } else if (database.happens(writes.unknownThatHappened())) {
      database.run(
          delay,
          () -> {
            commit(i);
            settle(i, UNKNOWN);
          });
    } else {
      if (database.happens(writes.occupied())) {
        squat(i);
      }
      database.run(delay, () -> settle(i, commit(i)));
    }
  }

  private long commitDelay() {
    return late
        ? database.upTo(LATE_OVERLAPS * database.overlapMillis())
        : database.upTo(unkindness.timing().maxCommitDelayMillis());
  }

  private InsertOutcome commit(int i) {
    return database.commit(table, rows.get(i), stamp);
  }

  private void squat(int i) {
    NewRow wanted = rows.get(i);
    database.commit(
        table,
        new NewRow(wanted.stream(), wanted.id(), "squatted by a store that is unkind"),
        database.stamp());
  }

  private void settle(int i, InsertOutcome outcome) {
    boolean last;
    synchronized (this) {
      outcomes.set(i, outcome);
      last = --underWay == 0;
    }
    if (last) {
      database.run(acknowledgementDelay(), () -> result.complete(answer()));
    }
  }

  private long acknowledgementDelay() {
    return late
        ? database.acknowledgementLimitMillis() + 1
        : database.upTo(unkindness.timing().maxAcknowledgementDelayMillis());
  }

  private synchronized List<InsertOutcome> answer() {
    return List.copyOf(outcomes);
  }
}
