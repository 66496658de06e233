package org.interseal.launcher.federation;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.Table;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.InsertOutcome;
import org.interseal.rethinkdb.InsertOutcome.RowOutcome;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.NewRow;

/** A table of a database of its own, without write hook or index, acknowledged by a majority. */
final class RethinkDbScratchTable implements ScratchTable {
  private static final String NAME = "rows";

  private final ConnectionPool pool;
  private final RethinkDbTemplate template;
  private final String database;
  private final Table table;

  private RethinkDbScratchTable(ConnectionPool pool, String database) {
    this.pool = pool;
    this.template = new RethinkDbTemplate(pool);
    this.database = database;
    this.table = r.db(database).table(NAME);
  }

  /**
   * @param pool as somebody who may configure; becomes the table's own
   */
  static ScratchTable make(ConnectionPool pool, String database) throws IOException {
    RethinkDbScratchTable scratch = new RethinkDbScratchTable(pool, database);
    try {
      scratch.make();
      return scratch;
    } catch (RethinkDbException e) {
      scratch.close();
      throw new IOException("a scratch database: " + e.getMessage(), e);
    }
  }

  private void make() {
    var _ = template.value(r.dbCreate(database));
    var _ = template.value(r.db(database).tableCreate(NAME).optArg("durability", "hard"));
    var _ =
        template.value(
            table.config().update(r.hashMap("write_acks", "majority").with("durability", "hard")));
    var _ =
        template.rows(table.wait_().optArg("wait_for", "all_replicas_ready"), QueryOptions.SAFE);
  }

  @Override
  public int connections() {
    return pool.settings().poolSize();
  }

  @Override
  public void insert(List<NewRow> rows) throws IOException {
    List<Map<String, Object>> documents =
        rows.stream()
            .map(row ->
                Map.<String, Object>of(
                    "id", row.id(), "bankid", row.stream(), "message", row.body()))
            .toList();
    InsertOutcome outcome = template.insert(table, documents, List.of(), QueryOptions.SAFE);
    if (!(outcome instanceof InsertOutcome.Answered(List<RowOutcome> each))
        || !each.stream().allMatch(RowOutcome.Inserted.class::isInstance)) {
      throw new IOException("the server did not take rows: " + outcome.getClass().getSimpleName());
    }
  }

  @Override
  public void close() throws IOException {
    try (pool) {
      if (template.value(r.dbList().contains(database)).filter(Boolean.TRUE::equals).isPresent()) {
        var _ = template.value(r.dbDrop(database));
      }
    } catch (RethinkDbException e) {
      throw new IOException("left behind: database " + database + ": " + e.getMessage(), e);
    }
  }
}
