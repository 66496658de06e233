package org.interseal.store.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;

/** Prints the rates that docs/reference/store.md quotes. Not a test: machines differ. */
final class SqliteRates {
  private static final String BODY = "x".repeat(1_500);

  private SqliteRates() {}

  /**
   * @param args a directory on the disk to be measured, and a prefix for ids
   */
  public static void main(String[] args) throws Exception {
    Path file = Files.createDirectories(Path.of(args[0])).resolve("rates.db");
    try (SqliteStore store = SqliteStore.openShared(file, Clock.systemUTC())) {
      AppendTable table = store.append(TableName.TRANSACTIONS);
      for (int round = 0; round < 2; round++) {
        String prefix = args[1] + round;
        insert(table, prefix + "-one-by-one", 2_000, 1, 1);
        insert(table, prefix + "-64-callers", 40_000, 1, 64);
        insert(table, prefix + "-batches-of-100", 100_000, 100, 1);
        insert(table, prefix + "-4x-batches-of-100", 200_000, 100, 4);
      }
      read(store, table);
    }
  }

  private static void insert(AppendTable table, String stream, int rows, int batch, int inFlight)
      throws Exception {
    long start = System.nanoTime();
    ArrayDeque<CompletableFuture<List<InsertOutcome>>> pending = new ArrayDeque<>();
    for (int i = 0; i < rows; i += batch) {
      List<NewRow> part = new ArrayList<>();
      for (int j = 0; j < batch; j++) {
        part.add(new NewRow(stream, stream + Integer.toHexString(Integer.reverse(i + j)), BODY));
      }
      if (pending.size() == inFlight) {
        requireInserted(pending.remove());
      }
      pending.add(table.insert(part));
    }
    while (!pending.isEmpty()) {
      requireInserted(pending.remove());
    }
    print(stream, rows, start);
  }

  private static void requireInserted(CompletableFuture<List<InsertOutcome>> insert)
      throws Exception {
    for (InsertOutcome outcome : insert.get(60, TimeUnit.SECONDS)) {
      if (!(outcome instanceof InsertOutcome.Inserted)) {
        throw new IllegalStateException(outcome.toString());
      }
    }
  }

  private static void read(SqliteStore store, AppendTable table) throws Exception {
    long start = System.nanoTime();
    StreamReader reader = new StreamReader(store, table, "a0-4x-batches-of-100", Position.START);
    int rows = 0;
    for (List<Row> page = reader.poll(1_000); !page.isEmpty(); page = reader.poll(1_000)) {
      rows += page.size();
    }
    print("read", rows, start);
  }

  private static void print(String what, int rows, long startNanos) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    System.out.printf("%-24s %,10.0f rows/s%n", what, rows / seconds);
  }
}
