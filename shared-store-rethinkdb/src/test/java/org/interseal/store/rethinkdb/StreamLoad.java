package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.interseal.store.AppendTable;
import org.interseal.store.DurableInsert;
import org.interseal.store.DurableInsert.Result;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/**
 * Writes to one stream at a steady rate while something fails, within a bound of what is under way,
 * and knows what was acknowledged.
 */
final class StreamLoad implements AutoCloseable {
  private static final long TICK_MILLIS = 50;
  private static final int ROWS_PER_TICK = 10;
  private static final int MAX_UNDER_WAY = 3_000;
  private static final int MAX_ROWS = 60_000;
  private static final int TAIL_LENGTH = 600;
  private static final String TAIL = ".".repeat(TAIL_LENGTH);
  private static final long MAX_ANSWER_MILLIS = 90_000;
  private static final int THREADS = 4;

  private final CountingStore store;
  private final TableName table;
  private final String stream;
  private final String name;
  private final DurableInsert inserts;
  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(THREADS);
  private final Map<Integer, Result> results = new ConcurrentHashMap<>();
  private int submitted;
  private int underWay;
  private boolean writing;
  private int acknowledged;
  private long lastAcknowledgedNanos;
  private long longestGapNanos;
  private final Set<String> stampedAgain = new HashSet<>();

  /**
   * @param store becomes its own
   * @param name of this writer among those of the stream
   */
  StreamLoad(Store store, TableName table, String stream, String name) {
    this.store = new CountingStore(store);
    this.table = table;
    this.stream = stream;
    this.name = name;
    this.inserts =
        new DurableInsert(
            this.store,
            table,
            DurableInsert.ReadBy.CURSOR,
            DurableInsert.Limits.DEFAULT,
            Scheduler.on(executor),
            System::nanoTime,
            new SecureRandom());
  }

  /** What a row of this id must hold. */
  static String body(String id) {
    return id.substring(0, id.lastIndexOf('.')) + TAIL;
  }

  private String id(int content, int attempt) {
    return stream + ":" + name + content + "." + attempt;
  }

  synchronized void start() {
    writing = true;
    lastAcknowledgedNanos = System.nanoTime();
    var _ = executor.scheduleAtFixedRate(this::write, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void write() {
    int first;
    synchronized (this) {
      if (!writing
          || underWay + ROWS_PER_TICK > MAX_UNDER_WAY
          || submitted + ROWS_PER_TICK > MAX_ROWS) {
        return;
      }
      first = submitted;
      submitted += ROWS_PER_TICK;
      underWay += ROWS_PER_TICK;
    }
    List<DurableInsert.Content> contents = new ArrayList<>();
    for (int i = first; i < first + ROWS_PER_TICK; i++) {
      int content = i;
      contents.add(attempt -> {
        String id = id(content, attempt);
        return new NewRow(stream, id, body(id));
      });
    }
    var _ = inserts.insert(contents).whenComplete((done, _) -> answered(first, done));
  }

  private synchronized void answered(int first, List<Result> done) {
    for (int i = 0; i < done.size(); i++) {
      results.put(first + i, done.get(i));
      if (done.get(i) instanceof Result.Durable) {
        acknowledged++;
      }
    }
    if (done.stream().anyMatch(Result.Durable.class::isInstance)) {
      gapEnds();
    }
    underWay -= ROWS_PER_TICK;
    notifyAll();
  }

  private void gapEnds() {
    long now = System.nanoTime();
    longestGapNanos = Math.max(longestGapNanos, now - lastAcknowledgedNanos);
    lastAcknowledgedNanos = now;
  }

  /** Waits until so many more rows were acknowledged. */
  synchronized void awaitAcknowledged(int more) throws InterruptedException {
    int wanted = acknowledged + more;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MAX_ANSWER_MILLIS);
    while (acknowledged < wanted) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      assertThat(left)
          .as("%d rows are acknowledged of %d: %s", acknowledged, wanted, store.reason().get())
          .isPositive();
      wait(left);
    }
  }

  /** Writes no more, and waits for every answer. */
  synchronized void finish() throws InterruptedException {
    writing = false;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MAX_ANSWER_MILLIS);
    while (underWay > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      assertThat(left)
          .as("%d rows have no answer: %s", underWay, store.reason().get())
          .isPositive();
      wait(left);
    }
  }

  /** Ids of the rows that were acknowledged. */
  Set<String> acknowledgedIds() {
    Set<String> ids = new HashSet<>();
    results.forEach((content, result) -> {
      if (result instanceof Result.Durable durable) {
        ids.add(id(content, durable.attempt()));
      }
    });
    return ids;
  }

  /** Acknowledged rows that their stream does not have now, and whether the table has their id. */
  List<String> missingIn(Store other) {
    AppendTable rows = other.append(table);
    Set<String> stored = stored(rows).keySet();
    List<String> missing = new ArrayList<>();
    results.forEach((content, result) -> {
      if (result instanceof Result.Durable durable) {
        String id = id(content, durable.attempt());
        if (!stored.contains(id)) {
          boolean byId = Persevering.ask(() -> rows.find(id)).isPresent();
          missing.add("%s, %s, %s".formatted(id, durable, byId ? "found by id" : "not by id"));
        }
      }
    });
    return missing;
  }

  private Map<String, Row> stored(AppendTable rows) {
    Map<String, Row> stored = new HashMap<>();
    for (List<Row> page = page(rows, Position.START);
        !page.isEmpty();
        page = page(rows, page.getLast().position())) {
      for (Row row : page) {
        if (stored.put(row.id(), row) != null) {
          stampedAgain.add(row.id());
        }
        assertThat(row.body()).isEqualTo(body(row.id()));
      }
    }
    return stored;
  }

  /**
   * Nothing acknowledged is lost or has an earlier stamp, and nothing is there that nobody had
   * reason to write.
   */
  void verifyStored(Store other) {
    assertThat(missingIn(other)).as("acknowledged rows not in their stream").isEmpty();
    Map<String, Row> stored = stored(other.append(table));
    results.forEach((content, result) -> {
      if (result instanceof Result.Durable durable) {
        Row row = Objects.requireNonNull(stored.get(id(content, durable.attempt())));
        assertThat(row.timestampMillis())
            .as("stamp of %s", row.id())
            .isGreaterThanOrEqualTo(durable.timestampMillis());
        if (row.timestampMillis() != durable.timestampMillis()) {
          stampedAgain.add(row.id());
        }
        for (int i = durable.attempt() + 1; i < DurableInsert.Limits.DEFAULT.maxAttempts(); i++) {
          assertThat(stored)
              .as("attempts after the acknowledged one")
              .doesNotContainKey(id(content, i));
        }
      }
    });
  }

  /** Rows that were found with a later stamp than the acknowledged one, or with two. */
  Set<String> stampedAgain() {
    return stampedAgain;
  }

  private List<Row> page(AppendTable rows, Position after) {
    return Persevering.ask(() -> rows.readAfter(stream, after, 1_000));
  }

  /** For people: what happened. */
  synchronized String summary() {
    long gaveUp = results.values().stream().filter(Result.GaveUp.class::isInstance).count();
    return "%s: %d acknowledged (%d under a later attempt), %d given up, outcomes: %d unknown, %d failed; longest gap %d ms"
        .formatted(
            name,
            acknowledged,
            underLaterAttempts(),
            gaveUp,
            store.unknown().get(),
            store.failed().get(),
            TimeUnit.NANOSECONDS.toMillis(longestGapNanos));
  }

  /** Contents acknowledged under another attempt than the first. */
  int underLaterAttempts() {
    return (int)
        results.values().stream()
            .filter(r -> r instanceof Result.Durable d && d.attempt() > 0)
            .count();
  }

  int unknownOutcomes() {
    return store.unknown().get();
  }

  @Override
  public void close() {
    synchronized (this) {
      writing = false;
    }
    executor.shutdownNow();
    store.close();
  }
}
