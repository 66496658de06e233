package org.interseal.store.sqlite;

import org.interseal.store.TableName;

/**
 * The statements of one mutable table; writes take body, stamp, id and, the last, the expected
 * version.
 */
record MutableSql(
    String find, String all, String put, String insertIfAbsent, String updateIfVersion) {

  static MutableSql of(TableName table) {
    String name = table.sqlName();
    String select = "SELECT id, body, version, timestamp FROM " + name + " WHERE ";
    String insert =
        "INSERT INTO "
            + name
            + " (body, timestamp, id, version) VALUES (?, ?, ?, 1) ON CONFLICT (id) DO ";
    return new MutableSql(
        select + "id = ?",
        select + "id >= ? AND id < ? ORDER BY id",
        insert
            + "UPDATE SET body = excluded.body, timestamp = excluded.timestamp, version = version + 1",
        insert + "NOTHING",
        "UPDATE "
            + name
            + " SET body = ?, timestamp = ?, version = version + 1 WHERE id = ? AND version = ?");
  }
}
