package org.interseal.federation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.protocol.tag.TaggedEnvelope;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreLimits;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.SqliteStore;

/**
 * Who runs the store: reads and writes its files, under its guards' noses or without the guards.
 */
final class StoreOperator {
  private final FederationDirectory directory;

  StoreOperator(FederationDirectory directory) {
    this.directory = directory;
  }

  /** Every row of a stream of {@code transactions}, in order. */
  List<Row> transactions(BankId to) throws Exception {
    try (Store store = SqliteStore.openShared(directory.sharedDatabase(), InstantSource.system())) {
      List<Row> all = new ArrayList<>();
      Position after = Position.START;
      while (true) {
        List<Row> page =
            store.append(TableName.TRANSACTIONS).readAfter(to.value(), after, StoreLimits.MAX_ROWS);
        if (page.isEmpty()) {
          return all;
        }
        // Tags are good for their own rows alone, so who replays leaves them out.
        page.forEach(row ->
            all.add(
                new Row(
                    row.stream(),
                    row.id(),
                    TaggedEnvelope.of(row.body()).envelope(),
                    row.timestampMillis())));
        after = page.getLast().position();
      }
    }
  }

  /** Inserts into {@code transactions} as every member can: any id, any content. */
  void insert(List<NewRow> rows) throws Exception {
    try (Store store = SqliteStore.openShared(directory.sharedDatabase(), InstantSource.system())) {
      insert(store, TableName.TRANSACTIONS, rows);
    }
  }

  /** Inserts into a bank's blocks. */
  void insertBlocks(BankId bank, List<NewRow> rows) throws Exception {
    try (Store store = SqliteStore.openBank(directory.bankDatabase(bank), InstantSource.system())) {
      insert(store, TableName.BLOCKS, rows);
    }
  }

  private static void insert(Store store, TableName table, List<NewRow> rows) throws Exception {
    for (int from = 0; from < rows.size(); from += StoreLimits.MAX_ROWS) {
      CompletableFuture<?> inserted =
          store
              .append(table)
              .insert(rows.subList(from, Math.min(rows.size(), from + StoreLimits.MAX_ROWS)));
      var _ = Waiting.get(inserted);
    }
  }

  /** From now on, acknowledges rows for that bank and forgets them at once. */
  void startForgetting(BankId to) throws SQLException {
    shared(
        "DROP TRIGGER IF EXISTS transactions_no_delete",
        "CREATE TRIGGER forget AFTER INSERT ON transactions WHEN NEW.bankid = '"
            + to
            + "' BEGIN DELETE FROM transactions WHERE id = NEW.id; END");
  }

  void stopForgetting() throws SQLException {
    shared("DROP TRIGGER forget");
  }

  private void shared(String... statements) throws SQLException {
    run(directory.sharedDatabase(), statements);
  }

  private static void run(Path file, String... statements) throws SQLException {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private static Connection connect(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 20000");
    }
    return connection;
  }

  int blocks(BankId bank) throws SQLException {
    try (Connection connection = connect(directory.bankDatabase(bank));
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM blocks")) {
      return count.getInt(1);
    }
  }

  /** Alters one character in the middle of the bank's newest block. */
  void alterNewestBlock(BankId bank) throws SQLException {
    try (Connection connection = connect(directory.bankDatabase(bank));
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TRIGGER blocks_no_update");
      String id;
      String body;
      try (ResultSet newest =
          statement.executeQuery("SELECT id, body FROM blocks ORDER BY id DESC LIMIT 1")) {
        id = newest.getString(1);
        body = newest.getString(2);
      }
      int middle = body.length() / 2;
      char other = body.charAt(middle) == 'A' ? 'B' : 'A';
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE blocks SET body = ? WHERE id = ?")) {
        update.setString(1, body.substring(0, middle) + other + body.substring(middle + 1));
        update.setString(2, id);
        if (update.executeUpdate() != 1) {
          throw new AssertionError("no block was altered");
        }
      }
    }
  }

  /** Copies a bank's database as it is now, whether it is in use or not. */
  void backUp(BankId bank, Path to) throws IOException, SQLException {
    Files.createDirectories(to);
    Path database = directory.bankDatabase(bank);
    run(database, "VACUUM INTO '" + to.resolve(database.getFileName()) + "'");
  }

  /** Puts a copy in the place of a bank's database, while nothing runs. */
  void restore(BankId bank, Path from) throws IOException {
    Path database = directory.bankDatabase(bank);
    for (Path file : files(database)) {
      Files.delete(file);
    }
    Files.copy(from.resolve(database.getFileName()), database);
  }

  /** The database with its write-ahead log. */
  private static List<Path> files(Path database) throws IOException {
    try (Stream<Path> all = Files.list(database.getParent())) {
      return all.filter(
              f -> f.getFileName().toString().startsWith(database.getFileName().toString()))
          .toList();
    }
  }
}
