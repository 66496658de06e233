package org.interseal.store.sqlite;

import org.interseal.store.TableName;

/**
 * The statements of one insert-only table. Every one that returns rows selects id, stream, body,
 * timestamp.
 */
record AppendSql(
    String insert,
    String find,
    String findAll,
    String readAfter,
    String referencesAfter,
    String readById,
    String lastRowId,
    String streamsSince) {

  static AppendSql of(TableName table) {
    String name = table.sqlName();
    String stream = streamColumn(table);
    String columns = "id, " + stream + ", " + bodyColumn(table) + ", timestamp";
    String select = "SELECT " + columns + " FROM " + name + " WHERE ";
    String after = stream + " = ? AND (timestamp, id) > (?, ?) ORDER BY timestamp, id LIMIT ?";
    return new AppendSql(
        "INSERT INTO " + name + " (" + columns + ") VALUES (?, ?, ?, ?)",
        select + "id = ?",
        select + "id IN (SELECT value FROM json_each(?))",
        select + after,
        "SELECT id, timestamp FROM " + name + " WHERE " + after,
        select + "id >= ? AND id < ? ORDER BY id LIMIT ?",
        "SELECT coalesce(max(rowid), 0) FROM " + name,
        "SELECT DISTINCT " + stream + " FROM " + name + " WHERE rowid > ? AND rowid <= ?");
  }

  static String streamColumn(TableName table) {
    return table == TableName.TRANSACTIONS ? "bankid" : "stream";
  }

  static String bodyColumn(TableName table) {
    return table == TableName.TRANSACTIONS ? "message" : "body";
  }
}
