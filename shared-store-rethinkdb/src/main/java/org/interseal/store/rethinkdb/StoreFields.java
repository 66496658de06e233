package org.interseal.store.rethinkdb;

import org.interseal.rethinkdb.Document;
import org.interseal.store.Row;
import org.interseal.store.TableName;

/** What a table's documents call things. */
record StoreFields(String stream, String body) {
  static final String ID = "id";
  static final String TIMESTAMP = "timestamp";
  static final String BODY = "body";
  static final String VERSION = "version";

  static StoreFields of(TableName table) {
    return table == TableName.TRANSACTIONS
        ? new StoreFields("bankid", "message")
        : new StoreFields("stream", BODY);
  }

  /** A table's name in the database. */
  static String tableName(TableName table) {
    return table.sqlName();
  }

  Row row(Document document) {
    return new Row(
        document.text(stream), document.text(ID), document.text(body), document.number(TIMESTAMP));
  }
}
