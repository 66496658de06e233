package org.interseal.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.interseal.store.Row;
import org.interseal.store.StoreLimits;

/** Reads result rows of the form id, stream, body, timestamp. */
final class Rows {
  /** Greater than every character that names may have. */
  static final String AFTER_EVERY_NAME = "\u007f";

  private Rows() {}

  static Row read(ResultSet result) throws SQLException {
    return new Row(
        result.getString(2), result.getString(1), result.getString(3), result.getLong(4));
  }

  /** Reads until the end, or until the bodies are longer than a page may be. */
  static List<Row> readPage(ResultSet result) throws SQLException {
    List<Row> rows = new ArrayList<>();
    long length = 0;
    while (length <= StoreLimits.MAX_PAGE_LENGTH && result.next()) {
      Row row = read(result);
      rows.add(row);
      length += row.body().length();
    }
    return rows;
  }
}
