package org.interseal.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/** Somebody who can edit a database's file is not held up by its triggers. */
public final class EditedFile {
  private EditedFile() {}

  /**
   * Changes rows of the file and leaves its triggers as they were.
   *
   * @return how many rows, at least one
   */
  public static int change(Path file, String sql, String... values) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      Map<String, String> triggers = triggers(connection);
      for (String trigger : triggers.keySet()) {
        execute(connection, "DROP TRIGGER " + trigger);
      }
      int rows = update(connection, sql, values);
      for (String trigger : triggers.values()) {
        execute(connection, trigger);
      }
      if (rows == 0) {
        throw new AssertionError("no row was changed: " + sql);
      }
      return rows;
    }
  }

  /** How each was made, by name. */
  private static Map<String, String> triggers(Connection connection) throws SQLException {
    Map<String, String> triggers = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")) {
      while (found.next()) {
        triggers.put(found.getString(1), found.getString(2));
      }
    }
    return triggers;
  }

  private static int update(Connection connection, String sql, String... values)
      throws SQLException {
    try (PreparedStatement change = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        change.setString(i + 1, values[i]);
      }
      return change.executeUpdate();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
