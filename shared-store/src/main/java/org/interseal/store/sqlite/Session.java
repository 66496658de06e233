package org.interseal.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** One connection with its prepared statements. For one thread at a time. */
final class Session implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  /** The writer moves this many pages of 4 KiB from the log to the file at a time. */
  private static final int CHECKPOINT_PAGES = 4_000;

  private static final int READER_CACHE_KIB = 1_024;

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private Session(Connection connection) {
    this.connection = connection;
  }

  /** Opens for writing and makes the file a WAL database when it is none yet. */
  static Session openWriter(Path file) throws SQLException {
    SQLiteConfig config = config();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, Integer.toString(64 * 1024 * 1024));
    Session session = open(file, config);
    try {
      session.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
      return session;
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  static Session openReader(Path file) throws SQLException {
    SQLiteConfig config = config();
    config.setCacheSize(-READER_CACHE_KIB);
    Session session = open(file, config);
    try {
      session.execute("PRAGMA query_only = ON");
      return session;
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    return config;
  }

  private static Session open(Path file, SQLiteConfig config) throws SQLException {
    return new Session(JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties()));
  }

  /** The prepared statement for this text, made on first use. */
  PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row. */
  long queryLong(String sql) throws SQLException {
    try (ResultSet result = statement(sql).executeQuery()) {
      if (!result.next()) {
        throw new SQLException("no row for " + sql);
      }
      return result.getLong(1);
    }
  }

  /** Fails at once, rather than after the busy time-out, when another process holds the lock. */
  void failFastWhenBusy() throws SQLException {
    execute("PRAGMA busy_timeout = 0");
  }

  /** BEGIN IMMEDIATE: takes the file's write lock. */
  void begin() throws SQLException {
    try {
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      leaveTransactionMode(e);
      throw e;
    }
  }

  /**
   * After a failure the session is of no more use; closing it rolls back what can be rolled back.
   */
  void commit() throws SQLException {
    connection.setAutoCommit(true);
  }

  /**
   * The driver notes the new mode before it asks the database, so a begin that failed must be taken
   * back.
   */
  private void leaveTransactionMode(SQLException cause) {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException expected) {
      // "no transaction is active": the mode is changed nevertheless.
      cause.addSuppressed(expected);
    }
  }

  static boolean isBusy(SQLException e) {
    return e instanceof SQLiteException lite
        && (lite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
  }

  /** Closing rolls an open transaction back. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing hangs on it: what was acknowledged is in the log, the rest is rolled back.
      org.slf4j.LoggerFactory.getLogger(Session.class).warn("closing a connection failed", e);
    }
  }
}
