package org.interseal.store.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.interseal.store.TableName;

/**
 * Lets rows of a bank's file go that an operator has exported. The trigger that keeps rows is taken
 * away and put back in the transaction that removes them, so that nobody else ever finds the table
 * without it, whenever this is killed; what was not removed then is by the next call.
 */
public final class ClosedRows {
  private static final int BATCH_ROWS = 1_000;
  private static final int BUSY_MILLIS = 10_000;

  private final Path file;

  /**
   * @param file a bank's database
   */
  public ClosedRows(Path file) {
    this.file = file;
  }

  /** Removes the blocks with ids from one, inclusive, to another, exclusive; how many. */
  public long dropBlocks(String fromId, String beforeId) throws IOException {
    return drop(TableName.BLOCKS, "id >= ? AND id < ?", fromId, beforeId);
  }

  /** Removes the rows of a stream of snapshots whose body begins so; how many. */
  public long dropSnapshots(String stream, String bodyStart) throws IOException {
    return drop(
        TableName.SNAPSHOTS,
        "stream = ? AND substr(body, 1, length(?)) = ?",
        stream,
        bodyStart,
        bodyStart);
  }

  private long drop(TableName table, String where, String... values) throws IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      execute(connection, "PRAGMA busy_timeout = " + BUSY_MILLIS);
      execute(connection, "PRAGMA synchronous = FULL");
      long all = 0;
      long batch = 1;
      while (batch > 0) {
        batch = dropBatch(connection, table, where, values);
        all += batch;
      }
      return all;
    } catch (SQLException e) {
      throw new IOException("rows of " + file + " were not dropped: " + e.getMessage(), e);
    }
  }

  private static long dropBatch(
      Connection connection, TableName table, String where, String... values) throws SQLException {
    String name = table.sqlName();
    execute(connection, "BEGIN IMMEDIATE");
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM %s WHERE id IN (SELECT id FROM %s WHERE %s ORDER BY id LIMIT %d)"
                .formatted(name, name, where, BATCH_ROWS))) {
      execute(connection, "DROP TRIGGER IF EXISTS " + name + "_no_delete");
      for (int i = 0; i < values.length; i++) {
        delete.setString(i + 1, values[i]);
      }
      long removed = delete.executeUpdate();
      execute(connection, Schema.noDelete(table));
      execute(connection, "COMMIT");
      return removed;
    } catch (SQLException e) {
      execute(connection, "ROLLBACK");
      throw e;
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
