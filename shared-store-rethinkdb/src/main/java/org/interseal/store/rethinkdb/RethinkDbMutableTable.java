package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.ReqlFunction1;
import com.rethinkdb.gen.ast.Table;
import java.util.List;
import java.util.Optional;
import org.interseal.rethinkdb.Document;
import org.interseal.store.MutableTable;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** A table of rows that change. Each change is one atomic replacement of one row. */
final class RethinkDbMutableTable implements MutableTable {
  private static final String OTHER_VERSION = "the row has another version";

  private final RethinkDbStore store;
  private final Table table;

  RethinkDbMutableTable(RethinkDbStore store, TableName name) {
    this.store = store;
    this.table = store.table(name);
  }

  @Override
  public Optional<Versioned> find(String id) throws StoreUnavailable {
    return store
        .ask(() -> store.template().document(table.get(id)))
        .map(RethinkDbMutableTable::versioned);
  }

  @Override
  public List<Versioned> all(String prefix) throws StoreUnavailable {
    ReqlExpr rows =
        table.between(prefix, prefix + "\u007f").orderBy().optArg("index", StoreFields.ID);
    return store.ask(() -> store.template().documents(rows)).stream()
        .map(RethinkDbMutableTable::versioned)
        .toList();
  }

  @Override
  public void put(String id, String body) throws StoreUnavailable {
    StoreLimits.requireMutableRow(id, body);
    Document result = replace(id, row -> next(row, id, body));
    requireDone(id, result);
  }

  @Override
  public boolean compareAndSet(String id, long expectedVersion, String body)
      throws StoreUnavailable {
    StoreLimits.requireMutableRow(id, body);
    if (expectedVersion < 0) {
      throw new IllegalArgumentException("version " + expectedVersion);
    }
    Document result =
        replace(
            id,
            row ->
                r.branch(
                    version(row).eq(expectedVersion), next(row, id, body), r.error(OTHER_VERSION)));
    if (error(result).equals(OTHER_VERSION)) {
      return false;
    }
    requireDone(id, result);
    return true;
  }

  private static ReqlExpr version(ReqlExpr row) {
    return row.g(StoreFields.VERSION).default_(0);
  }

  private static ReqlExpr next(ReqlExpr row, String id, String body) {
    return r.expr(r.hashMap(StoreFields.ID, id).with(StoreFields.BODY, body))
        .merge(
            r.hashMap(StoreFields.VERSION, version(row).add(1))
                .with(StoreFields.TIMESTAMP, StoreFields.now()));
  }

  private Document replace(String id, ReqlFunction1 change) throws StoreUnavailable {
    return store
        .ask(() -> store.template().document(table.get(id).replace(change)))
        .orElseThrow(() -> new StoreUnavailable("no answer to a replacement"));
  }

  private static void requireDone(String id, Document result) throws StoreUnavailable {
    if (result.number("inserted") + result.number("replaced") + result.number("unchanged") != 1) {
      throw new StoreUnavailable("row " + id + " was not written: " + error(result));
    }
  }

  private static String error(Document result) {
    return result.has("first_error") ? result.text("first_error") : "";
  }

  private static Versioned versioned(Document row) {
    return new Versioned(
        row.text(StoreFields.ID),
        row.text(StoreFields.BODY),
        row.number(StoreFields.VERSION),
        row.number(StoreFields.TIMESTAMP));
  }
}
