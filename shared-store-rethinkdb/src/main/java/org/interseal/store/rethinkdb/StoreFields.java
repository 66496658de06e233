package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.ReqlExpr;
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

  /**
   * What the write hook puts in place of whatever a writer says: the clock of the node that takes
   * the query. Said all the same, because {@code reconfigure} drops a table's hook (RethinkDB
   * 2.4.4), and no reader would ever find a row without a stamp.
   */
  static ReqlExpr now() {
    return millis(r.now());
  }

  static ReqlExpr millis(ReqlExpr time) {
    return time.toEpochTime().mul(1_000).floor();
  }

  Row row(Document document) {
    return new Row(
        document.text(stream), document.text(ID), document.text(body), document.number(TIMESTAMP));
  }
}
