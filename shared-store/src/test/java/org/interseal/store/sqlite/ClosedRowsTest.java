package org.interseal.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that go, and what is left when that is cut off. */
class ClosedRowsTest {
  /** Two batches, and some that stay. */
  private static final int ROWS = 1_500;

  private static final int CLOSED = 1_400;

  @TempDir Path directory = Path.of("");

  private Path file() {
    return directory.resolve("bank.db");
  }

  private static String id(int number) {
    return "p00.%012d.00".formatted(number);
  }

  private void insert(int from, int to) {
    try (SqliteStore store = SqliteStore.openBank(file(), Clock.systemUTC())) {
      List<NewRow> rows =
          IntStream.rangeClosed(from, to).mapToObj(n -> new NewRow("p00", id(n), "block")).toList();
      assertThat(store.append(TableName.BLOCKS).insert(rows).join())
          .allMatch(InsertOutcome.Inserted.class::isInstance);
    }
  }

  private long count() throws StoreUnavailable {
    try (SqliteStore store = SqliteStore.openBank(file(), Clock.systemUTC())) {
      return store.append(TableName.BLOCKS).readById("p00.", "", 1_000).size();
    }
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement run = connection.createStatement()) {
      run.execute(statement);
    }
  }

  private void assertNothingCanBeRemoved() {
    assertThatThrownBy(() -> sql("DELETE FROM blocks WHERE id = '" + id(CLOSED) + "'"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("insert-only");
  }

  @Test
  void aRunThatIsCutOffWithinABatchLeavesTheTableInsertOnlyAndTheNextOneFinishes()
      throws Exception {
    insert(1, 1_000);
    insert(1_001, ROWS);
    // The second batch fails after the trigger that keeps rows was taken away.
    sql(
        "CREATE TRIGGER planned BEFORE DELETE ON blocks WHEN old.id = '"
            + id(CLOSED)
            + "' BEGIN SELECT RAISE(ABORT, 'planned'); END");
    ClosedRows rows = new ClosedRows(file());
    assertThatThrownBy(() -> rows.dropBlocks("p00.", id(CLOSED + 1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("planned");
    sql("DROP TRIGGER planned");

    assertThat(count()).isEqualTo(ROWS - 1_000);
    assertNothingCanBeRemoved();
    assertThat(rows.dropBlocks("p00.", id(CLOSED + 1))).isEqualTo(CLOSED - 1_000);
    insert(CLOSED, CLOSED);
    assertNothingCanBeRemoved();
    assertThat(count()).isEqualTo(ROWS - CLOSED + 1);
  }
}
