package org.interseal.launcher.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How many rows every table of every database of an embedded store has. */
final class StoredRows {
  private StoredRows() {}

  /** By table name, over all databases. */
  static Map<String, Long> count(Path store) throws IOException {
    Map<String, Long> rows = new TreeMap<>();
    List<Path> databases;
    try (Stream<Path> files = Files.list(store)) {
      databases = files.filter(file -> file.toString().endsWith(".db")).toList();
    }
    for (Path database : databases) {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
        for (String table : tables(connection)) {
          rows.merge(table, count(connection, table), Math::addExact);
        }
      } catch (SQLException e) {
        throw new IOException("cannot count the rows of " + database, e);
      }
    }
    return rows;
  }

  private static List<String> tables(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'store_clock'")) {
      while (found.next()) {
        names.add(found.getString(1));
      }
    }
    return names;
  }

  private static long count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT count(*) FROM " + table)) {
      return found.next() ? found.getLong(1) : 0;
    }
  }
}
