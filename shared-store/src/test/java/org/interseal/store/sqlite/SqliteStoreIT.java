package org.interseal.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the SQLite adapter promises beyond the port. */
class SqliteStoreIT {
  private static final NewRow ROW = new NewRow("bank-a", "id-1", "first");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private Path file;

  @BeforeEach
  void setUp() {
    file = directory.resolve("new").resolve("deep").resolve("shared.db");
  }

  private SqliteStore open() {
    return SqliteStore.openShared(file, Clock.systemUTC());
  }

  private Connection raw() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = raw();
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private static AppendTable transactions(Store store) {
    return store.append(TableName.TRANSACTIONS);
  }

  // ---- cursors

  @Test
  void aCursorFromTheFutureHidesNothing() throws Exception {
    try (SqliteStore store = open()) {
      StreamReader reader =
          new StreamReader(store, transactions(store), "bank-a", new Position(Long.MAX_VALUE, ""));
      assertThat(reader.poll(10)).isEmpty();
      Persevering.insert(transactions(store), ROW);
      assertThat(reader.poll(10)).extracting(Row::id).containsExactly("id-1");
    }
  }

  // ---- a closed store

  /** SQLite removes its side files with the last connection: while one is left, they are there. */
  @Test
  void afterTheLastCloseThisProcessHasNoConnectionLeft() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (SqliteStore store = open()) {
        Persevering.insert(transactions(store), new NewRow("bank-a", "id-" + round, "row"));
        var _ = transactions(store).follow("bank-a", () -> {}, () -> {});
        var _ = transactions(store).find("id-" + round);
      }
      assertThat(file.getParent()).isDirectoryContaining(path -> path.endsWith("shared.db"));
      assertThat(file.getParent())
          .isDirectoryNotContaining("glob:**-shm")
          .isDirectoryNotContaining("glob:**-wal");
    }
  }

  // ---- insert-only, enforced by the database for whoever opens the file

  @Test
  void nobodyUpdatesDeletesOrReplacesARow() throws Exception {
    try (SqliteStore store = open()) {
      Persevering.insert(transactions(store), ROW);
      Row row = transactions(store).find("id-1").orElseThrow();

      assertThatThrownBy(() -> sql("UPDATE transactions SET message = 'x'"))
          .hasMessageContaining("insert-only");
      assertThatThrownBy(() -> sql("UPDATE transactions SET timestamp = 1"))
          .hasMessageContaining("insert-only");
      assertThatThrownBy(() -> sql("DELETE FROM transactions")).hasMessageContaining("insert-only");
      sql("INSERT OR REPLACE INTO transactions VALUES ('id-1', 'bank-a', 'x', 1)");
      sql(
          "INSERT OR REPLACE INTO transactions (rowid, id, bankid, message, timestamp) VALUES (1, 'id-2', 'b', 'x', 1)");
      sql(
          "INSERT INTO transactions VALUES ('id-1', 'bank-a', 'x', 1) ON CONFLICT DO UPDATE SET message = 'x'");
      assertThatThrownBy(() -> sql("UPDATE store_clock SET last_stamp = 1"))
          .hasMessageContaining("only runs forward");

      assertThat(transactions(store).readAfter("bank-a", Position.START, 10)).containsExactly(row);
      assertThat(transactions(store).find("id-2")).isEmpty();
    }
  }

  @Test
  void transactionsHaveTheColumnsThatTheFederationAgreedOn() throws Exception {
    open().close();

    try (Connection connection = raw();
        Statement statement = connection.createStatement();
        var columns =
            statement.executeQuery(
                "SELECT group_concat(name) FROM pragma_table_info('transactions')")) {
      assertThat(columns.getString(1)).isEqualTo("id,bankid,message,timestamp");
    }
  }

  // ---- which files are opened

  @Test
  void anUnknownFormatVersionIsRefused() throws Exception {
    open().close();
    sql("PRAGMA user_version = 2");

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreFormatRefused.class)
        .hasMessageContaining("version 2")
        .hasMessageContaining("only version 1");
  }

  @Test
  void aStoreOfTheOtherKindIsRefused() throws Exception {
    open().close();
    assertThatThrownBy(() -> SqliteStore.openBank(file, Clock.systemUTC()))
        .isInstanceOf(StoreFormatRefused.class)
        .hasMessageContaining("not a bank's own");

    try (SqliteStore store = open()) {
      assertThat(store.nowMillis()).isPositive();
      assertThatThrownBy(() -> SqliteStore.openBank(file, Clock.systemUTC()))
          .isInstanceOf(StoreFormatRefused.class);
    }
  }

  @Test
  void aForeignDatabaseIsRefusedAndLeftAsItWas() throws Exception {
    Files.createDirectories(file.resolveSibling("x").getParent());
    sql("CREATE TABLE theirs (x)");

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreFormatRefused.class)
        .hasMessageContaining("no Interseal store");
    sql("INSERT INTO theirs VALUES (1)");
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws Exception {
    Files.createDirectories(file.resolveSibling("x").getParent());
    Files.writeString(
        file, "not a database, but long enough to be read as the header of one".repeat(40));

    assertThatThrownBy(this::open).isInstanceOf(java.io.UncheckedIOException.class);
  }

  @Test
  void onlyTheOwnerCanReadTheFiles() throws Exception {
    try (SqliteStore store = open()) {
      Persevering.insert(transactions(store), ROW);
      try (var files = Files.list(file.resolveSibling(""))) {
        List<Path> all = files.toList();
        assertThat(all).hasSizeGreaterThanOrEqualTo(3);
        for (Path each : all) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
              .isEqualTo("rw-------");
        }
      }
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling(""))))
          .isEqualTo("rwx------");
    }
  }

  // ---- stamps

  @Test
  void stampsGrowWithEveryCommitThoughTheClockStandsOrIsSetBack() throws Exception {
    AtomicLong millis = new AtomicLong(1_000_000);
    InstantSource clock = () -> Instant.ofEpochMilli(millis.get());
    List<Long> stamps = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      try (SqliteStore store = SqliteStore.openShared(file, clock)) {
        for (int j = 0; j < 3; j++) {
          NewRow row = new NewRow("bank-a", "id-" + i + "-" + j, "body");
          InsertOutcome outcome = Persevering.insert(transactions(store), row);
          stamps.add(((InsertOutcome.Inserted) outcome).timestampMillis());
          assertThat(store.nowMillis()).isGreaterThan(stamps.getLast());
        }
      }
      millis.addAndGet(-500_000 + i * 400_000);
    }

    assertThat(stamps).isSorted().doesNotHaveDuplicates();
    assertThat(stamps.getFirst()).isEqualTo(1_000_000);
  }

  @Test
  void theRowsOfOneCommitShareAStamp() throws Exception {
    try (SqliteStore store = open()) {
      List<InsertOutcome> outcomes = Persevering.insert(transactions(store), rows("id-", 100));
      assertThat(outcomes.stream().distinct()).hasSize(1);
    }
  }

  // ---- load and failure

  @Test
  void whatDoesNotFitTheQueueFailsAtOnceAndTheRestIsWritten() throws Exception {
    try (SqliteStore store = open();
        Connection other = raw();
        Statement lock = other.createStatement()) {
      lock.execute("BEGIN IMMEDIATE");
      List<CompletableFuture<List<InsertOutcome>>> inserts = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        inserts.add(transactions(store).insert(rows("w" + i + "-", StoreLimits.MAX_ROWS)));
      }
      assertThat(inserts.getLast().getNow(List.of()))
          .hasSize(StoreLimits.MAX_ROWS)
          .containsOnly(new InsertOutcome.Failed("overloaded"));
      lock.execute("ROLLBACK");

      int written = 0;
      for (CompletableFuture<List<InsertOutcome>> insert : inserts) {
        InsertOutcome first = insert.get(60, TimeUnit.SECONDS).getFirst();
        written += first instanceof InsertOutcome.Inserted ? 1 : 0;
      }
      assertThat(written).isBetween(40, 59);
    }
  }

  @Test
  void whoeverIsToldOfAnInsertMayWaitForAnother() throws Exception {
    try (SqliteStore store = open()) {
      CompletableFuture<InsertOutcome> second =
          transactions(store)
              .insert(rows("first-", 1))
              .thenApply(first -> transactions(store).insert(rows("second-", 1)).join().getFirst());

      assertThat(second.get(30, TimeUnit.SECONDS)).isInstanceOf(InsertOutcome.Inserted.class);
    }
  }

  @Test
  void whoeverIsToldOfAnInsertMayWaitForAnotherOfTheSameCommit() throws Exception {
    try (SqliteStore store = open();
        Connection other = raw();
        Statement lock = other.createStatement()) {
      lock.execute("BEGIN IMMEDIATE");
      // Whatever the writer has in hand waits for the lock; of the many behind it, most share a
      // commit.
      CompletableFuture<List<InsertOutcome>> before =
          transactions(store).insert(rows("before-", 1));
      CompletableFuture<List<InsertOutcome>> second = new CompletableFuture<>();
      CompletableFuture<Boolean> toldOfFirst =
          transactions(store)
              .insert(rows("first-", 1))
              .thenApply(first -> second.join().size() == first.size());
      var _ = transactions(store).insert(rows("second-", 1)).thenAccept(second::complete);
      lock.execute("ROLLBACK");

      assertThat(before.get(30, TimeUnit.SECONDS)).hasSize(1);
      assertThat(toldOfFirst.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closingWaitsForWhatWasSubmitted() throws Exception {
    SqliteStore store = open();
    List<CompletableFuture<List<InsertOutcome>>> inserts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      inserts.add(transactions(store).insert(rows("w" + i + "-", 100)));
    }
    store.close();

    try (SqliteStore again = open()) {
      for (int i = 0; i < 20; i++) {
        assertThat(inserts.get(i).get(10, TimeUnit.SECONDS))
            .hasOnlyElementsOfType(InsertOutcome.Inserted.class);
        assertThat(transactions(again).readById("w" + i + "-", "", 1_000)).hasSize(100);
      }
    }
  }

  @Test
  void readersGoOnWhileAnotherProcessHoldsTheWriteLock() throws Exception {
    try (SqliteStore store = open();
        Connection other = raw();
        Statement lock = other.createStatement()) {
      Persevering.insert(transactions(store), ROW);
      lock.execute("BEGIN IMMEDIATE");

      assertThat(transactions(store).find("id-1")).isPresent();
      lock.execute("ROLLBACK");
    }
  }

  @Test
  void aDamagedFileIsUnavailableAndNeverAnswersFalsely() throws Exception {
    try (SqliteStore store = open()) {
      Persevering.insert(transactions(store), rows("id-", 1_000));
    }
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 8_192; i < bytes.length; i++) {
      bytes[i] = (byte) (bytes[i] ^ 0x5a);
    }
    Files.write(file, bytes);

    try (SqliteStore store = open()) {
      assertThatThrownBy(() -> transactions(store).readAfter("bank-a", Position.START, 1_000))
          .isInstanceOf(StoreUnavailable.class);
      assertThat(Persevering.insertOnce(transactions(store), rows("new-", 3)))
          .hasOnlyElementsOfType(InsertOutcome.Failed.class);
    }
  }

  @Test
  void manyStoresOnOneFileShareItsThreads() throws Exception {
    List<SqliteStore> stores = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      stores.add(open());
      var _ = transactions(stores.get(i)).follow("bank-a", () -> {}, () -> {});
    }
    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread ->
                thread.getName().startsWith("store-") && thread.getName().endsWith("shared.db"))
            .count();
    stores.forEach(SqliteStore::close);

    assertThat(threads).isEqualTo(2);
  }

  private static List<NewRow> rows(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new NewRow("bank-a", "%s%05d".formatted(prefix, i), "body " + i))
        .toList();
  }
}
