package org.interseal.store.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.interseal.store.TableName;

/**
 * What stands in a database file, version {@value #VERSION}.
 *
 * <p>{@code application_id} says whether the file is shared or a bank's, {@code user_version} the
 * format. Insert-only is enforced by triggers, so it holds for every program that opens the file,
 * {@code INSERT OR REPLACE} included. It does not hold against somebody who edits the schema or the
 * file: that is what signatures and hash chains are for.
 */
final class Schema {
  static final int VERSION = 1;

  /** "ISsh". */
  private static final int SHARED_APPLICATION_ID = 0x49537368;

  /** "ISbk". */
  private static final int BANK_APPLICATION_ID = 0x4953626b;

  static final String LAST_STAMP = "SELECT last_stamp FROM store_clock";
  static final String SET_LAST_STAMP = "UPDATE store_clock SET last_stamp = ?";

  private Schema() {}

  /**
   * Creates the tables of an empty file, or checks that the file is what it should be. After a
   * failure the session must be closed.
   */
  static void prepare(Session session, boolean shared, String file) throws SQLException {
    session.begin();
    long applicationId = session.queryLong("PRAGMA application_id");
    long version = session.queryLong("PRAGMA user_version");
    long objects = session.queryLong("SELECT count(*) FROM sqlite_master");
    if (applicationId == 0 && version == 0 && objects == 0) {
      for (String ddl : ddl(shared)) {
        session.execute(ddl);
      }
    } else {
      requireReadable(applicationId, version, shared, file);
    }
    session.commit();
  }

  private static void requireReadable(
      long applicationId, long version, boolean shared, String file) {
    long expected = shared ? SHARED_APPLICATION_ID : BANK_APPLICATION_ID;
    if (applicationId != SHARED_APPLICATION_ID && applicationId != BANK_APPLICATION_ID) {
      throw new StoreFormatRefused(file + " is an SQLite database, but no Interseal store");
    }
    if (applicationId != expected) {
      throw new StoreFormatRefused(
          shared
              ? file + " is a bank's own store, not the store that members share"
              : file + " is the store that members share, not a bank's own");
    }
    if (version != VERSION) {
      throw new StoreFormatRefused(
          file
              + " has store format version "
              + version
              + "; this program knows only version "
              + VERSION);
    }
  }

  private static List<String> ddl(boolean shared) {
    List<String> ddl = new ArrayList<>();
    ddl.add("PRAGMA application_id = " + (shared ? SHARED_APPLICATION_ID : BANK_APPLICATION_ID));
    ddl.add("PRAGMA user_version = " + VERSION);
    ddl.add(
        "CREATE TABLE store_clock (one INTEGER PRIMARY KEY CHECK (one = 1), last_stamp INTEGER NOT NULL)");
    ddl.add("INSERT INTO store_clock VALUES (1, 0)");
    ddl.add(
        """
        CREATE TRIGGER store_clock_runs_forward BEFORE UPDATE ON store_clock
        WHEN NEW.last_stamp <= OLD.last_stamp
        BEGIN SELECT RAISE(ABORT, 'the store clock only runs forward'); END\
        """);
    for (TableName table : TableName.values()) {
      if (table.shared() == shared) {
        ddl.addAll(table.appendOnly() ? appendDdl(table) : mutableDdl(table));
      }
    }
    return ddl;
  }

  private static List<String> appendDdl(TableName table) {
    String name = table.sqlName();
    String stream = AppendSql.streamColumn(table);
    return List.of(
        "CREATE TABLE %s (id TEXT NOT NULL PRIMARY KEY, %s TEXT NOT NULL, %s TEXT NOT NULL, timestamp INTEGER NOT NULL)"
            .formatted(name, stream, AppendSql.bodyColumn(table)),
        "CREATE INDEX %s_by_stream ON %s (%s, timestamp, id)".formatted(name, name, stream),
        """
        CREATE TRIGGER %s_no_update BEFORE UPDATE ON %s
        BEGIN SELECT RAISE(ABORT, '%s is insert-only'); END\
        """
            .formatted(name, name, name),
        noDelete(table),
        // INSERT OR REPLACE deletes without firing the delete trigger; here the first row always
        // stays.
        """
        CREATE TRIGGER %s_no_replace BEFORE INSERT ON %s
        WHEN EXISTS (SELECT 1 FROM %s WHERE id = NEW.id)
          OR (NEW.rowid > 0 AND EXISTS (SELECT 1 FROM %s WHERE rowid = NEW.rowid))
        BEGIN SELECT RAISE(IGNORE); END\
        """
            .formatted(name, name, name, name));
  }

  /** The trigger by which rows of an insert-only table stay. */
  static String noDelete(TableName table) {
    String name = table.sqlName();
    return """
    CREATE TRIGGER %s_no_delete BEFORE DELETE ON %s
    BEGIN SELECT RAISE(ABORT, '%s is insert-only'); END\
    """
        .formatted(name, name, name);
  }

  private static List<String> mutableDdl(TableName table) {
    return List.of(
        "CREATE TABLE %s (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL, timestamp INTEGER NOT NULL)"
            .formatted(table.sqlName()));
  }
}
