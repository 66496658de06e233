package org.interseal.store.rethinkdb;

import com.rethinkdb.gen.ast.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.interseal.rethinkdb.Document;
import org.interseal.rethinkdb.InsertOutcome.RowOutcome;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Row;

/**
 * Puts what waits for one table into batches, a few of which are under way at once. A single insert
 * that is durable on disk costs as much as hundreds in one batch.
 *
 * <p>Bounded: what finds no room is {@link InsertOutcome.Failed} and was not sent.
 */
final class InsertQueue {
  static final int MAX_UNDER_WAY = 4;
  static final int MAX_BATCH_ROWS = 500;
  static final long MAX_BATCH_LENGTH = 8L * 1024 * 1024;
  static final int MAX_WAITING_ROWS = 50_000;
  static final long MAX_WAITING_LENGTH = 128L * 1024 * 1024;

  private static final long CLOSE_MILLIS = 30_000;

  private record Waiting(
      List<NewRow> rows, long length, CompletableFuture<List<InsertOutcome>> answer) {}

  private final RethinkDbStore store;
  private final Table table;
  private final StoreFields fields;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int waitingRows;
  private long waitingLength;
  private int underWay;

  InsertQueue(RethinkDbStore store, Table table, StoreFields fields) {
    this.store = store;
    this.table = table;
    this.fields = fields;
  }

  CompletableFuture<List<InsertOutcome>> submit(List<NewRow> rows) {
    long length = rows.stream().mapToLong(InsertQueue::length).sum();
    Waiting submission = new Waiting(rows, length, new CompletableFuture<>());
    synchronized (this) {
      if (store.isClosed()) {
        return CompletableFuture.completedFuture(refused(rows, "the store is closed"));
      }
      if (waitingRows + rows.size() > MAX_WAITING_ROWS
          || waitingLength + length > MAX_WAITING_LENGTH) {
        return CompletableFuture.completedFuture(refused(rows, "overloaded"));
      }
      waiting.add(submission);
      waitingRows += rows.size();
      waitingLength += length;
      if (underWay < MAX_UNDER_WAY) {
        underWay++;
        Thread.ofVirtual().name("rethinkdb-insert").start(this::insertWhileThereIsAny);
      }
    }
    return submission.answer();
  }

  private static List<InsertOutcome> refused(List<NewRow> rows, String detail) {
    return Collections.nCopies(rows.size(), new InsertOutcome.Failed(detail));
  }

  static long length(NewRow row) {
    return (long) row.body().length() + row.id().length() + row.stream().length();
  }

  private void insertWhileThereIsAny() {
    List<Waiting> batch = next();
    while (!batch.isEmpty()) {
      insert(batch);
      batch = next();
    }
  }

  /**
   * Whole submissions; the first one whatever its size. Empty when there is none: then the caller
   * ends.
   */
  private synchronized List<Waiting> next() {
    List<Waiting> batch = new ArrayList<>();
    int rows = 0;
    long length = 0;
    while (!waiting.isEmpty()) {
      Waiting first = waiting.peek();
      boolean full =
          rows + first.rows().size() > MAX_BATCH_ROWS || length + first.length() > MAX_BATCH_LENGTH;
      if (full && !batch.isEmpty()) {
        break;
      }
      batch.add(waiting.remove());
      rows += first.rows().size();
      length += first.length();
    }
    waitingRows -= rows;
    waitingLength -= length;
    if (batch.isEmpty()) {
      underWay--;
      notifyAll();
    }
    return batch;
  }

  private void insert(List<Waiting> batch) {
    // A query holds no id twice: who comes later is told what came of the first.
    Map<String, NewRow> sent = new LinkedHashMap<>();
    batch.forEach(submission -> submission.rows().forEach(row -> sent.putIfAbsent(row.id(), row)));
    Map<String, InsertOutcome> outcomes = new HashMap<>();
    try {
      for (List<NewRow> part : parts(List.copyOf(sent.values()))) {
        insertPart(part, outcomes);
      }
    } catch (RuntimeException e) {
      // A bug. What was sent before it may have happened.
      sent.keySet()
          .forEach(id -> outcomes.putIfAbsent(id, new InsertOutcome.Unknown(e.toString())));
    }
    Set<String> told = new HashSet<>();
    for (Waiting submission : batch) {
      List<InsertOutcome> answer = new ArrayList<>();
      for (NewRow row : submission.rows()) {
        InsertOutcome outcome = Objects.requireNonNull(outcomes.get(row.id()));
        answer.add(
            told.add(row.id())
                ? outcome
                : later(row, Objects.requireNonNull(sent.get(row.id())), outcome));
      }
      // Not on this thread: what the caller does next must not hold up the next batch.
      Thread.ofVirtual()
          .name("rethinkdb-inserted")
          .start(() -> submission.answer().complete(answer));
    }
  }

  /** What a row is told whose id was sent for another row before. */
  private static InsertOutcome later(NewRow row, NewRow before, InsertOutcome outcome) {
    return switch (outcome) {
      case InsertOutcome.Inserted(long at) ->
          standing(row, new Row(before.stream(), before.id(), before.body(), at));
      case InsertOutcome.AlreadyThere(long at) ->
          standing(row, new Row(before.stream(), before.id(), before.body(), at));
      case InsertOutcome.Occupied(Row existing) -> standing(row, existing);
      case InsertOutcome.Unknown _, InsertOutcome.Failed _ -> outcome;
    };
  }

  private static InsertOutcome standing(NewRow row, Row existing) {
    return existing.stream().equals(row.stream()) && existing.body().equals(row.body())
        ? new InsertOutcome.AlreadyThere(existing.timestampMillis())
        : new InsertOutcome.Occupied(existing);
  }

  /** A single submission may be larger than a batch should be. */
  private static List<List<NewRow>> parts(List<NewRow> rows) {
    List<List<NewRow>> parts = new ArrayList<>();
    List<NewRow> part = new ArrayList<>();
    long length = 0;
    for (NewRow row : rows) {
      if (!part.isEmpty()
          && (part.size() == MAX_BATCH_ROWS || length + length(row) > MAX_BATCH_LENGTH)) {
        parts.add(part);
        part = new ArrayList<>();
        length = 0;
      }
      part.add(row);
      length += length(row);
    }
    parts.add(part);
    return parts;
  }

  private void insertPart(List<NewRow> rows, Map<String, InsertOutcome> outcomes) {
    List<Map<String, Object>> documents = rows.stream().map(this::document).toList();
    switch (store.insert(table, documents)) {
      case org.interseal.rethinkdb.InsertOutcome.Answered(List<RowOutcome> answers) ->
          answered(rows, answers, outcomes);
      case org.interseal.rethinkdb.InsertOutcome.Unknown(String detail) ->
          rows.forEach(row -> outcomes.put(row.id(), new InsertOutcome.Unknown(detail)));
      case org.interseal.rethinkdb.InsertOutcome.Refused(String detail) ->
          rows.forEach(row -> outcomes.put(row.id(), new InsertOutcome.Failed(detail)));
    }
  }

  private void answered(
      List<NewRow> rows, List<RowOutcome> answers, Map<String, InsertOutcome> outcomes) {
    List<NewRow> conflicts = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      NewRow row = rows.get(i);
      switch (answers.get(i)) {
        case RowOutcome.Inserted(Document stored) ->
            outcomes.put(
                row.id(), new InsertOutcome.Inserted(stored.number(StoreFields.TIMESTAMP)));
        case RowOutcome.Failed(String error) ->
            outcomes.put(row.id(), new InsertOutcome.Failed(error));
        case RowOutcome.Conflict _ -> conflicts.add(row);
      }
    }
    if (!conflicts.isEmpty()) {
      readBack(conflicts, outcomes);
    }
  }

  /**
   * A conflict may be with a row that is rolled back yet: only what a majority has on disk counts.
   */
  private void readBack(List<NewRow> conflicts, Map<String, InsertOutcome> outcomes) {
    Map<String, Row> standing = new HashMap<>();
    try {
      Object[] ids = conflicts.stream().map(NewRow::id).toArray();
      for (Document document : store.template().documents(table.getAll(ids))) {
        Row row = fields.row(document);
        standing.put(row.id(), row);
      }
    } catch (RethinkDbException e) {
      conflicts.forEach(row ->
          outcomes.put(
              row.id(),
              new InsertOutcome.Unknown("in conflict, and not read back: " + e.getMessage())));
      return;
    }
    for (NewRow row : conflicts) {
      Row existing = standing.get(row.id());
      outcomes.put(
          row.id(),
          existing == null
              ? new InsertOutcome.Unknown("in conflict with a row that no majority has")
              : standing(row, existing));
    }
  }

  private Map<String, Object> document(NewRow row) {
    return Map.of(
        StoreFields.ID,
        row.id(),
        fields.stream(),
        row.stream(),
        fields.body(),
        row.body(),
        StoreFields.TIMESTAMP,
        StoreFields.now());
  }

  /** Waits, within bounds, until what was submitted has its answer. */
  synchronized void close() {
    long deadline = System.nanoTime() + CLOSE_MILLIS * 1_000_000;
    try {
      long left = CLOSE_MILLIS;
      while (underWay > 0 && left > 0) {
        wait(left);
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    waiting.forEach(submission ->
        submission.answer().complete(refused(submission.rows(), "the store is closed")));
    waiting.clear();
  }
}
