package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.Between;
import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.interseal.rethinkdb.Document;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** An insert-only table. */
final class RethinkDbAppendTable implements AppendTable {
  /** Names are ASCII letters, digits and a few signs, all of them below it. */
  private static final char ABOVE_EVERY_NAME = '\u007f';

  /** For each table a sixty-fourth of the memory; a process writes much to two or three of them. */
  private static final long MAX_KEPT_LENGTH =
      Math.clamp(Runtime.getRuntime().maxMemory() / 64, 4L * 1024 * 1024, 32L * 1024 * 1024);

  private final RethinkDbStore store;
  private final Table table;
  private final StoreFields fields;
  private final InsertQueue inserts;
  private final TableFeeds feeds;
  private final KeptRows kept;
  private final KeepingWatch keeping;

  RethinkDbAppendTable(RethinkDbStore store, TableName name) {
    this.store = store;
    this.table = store.table(name);
    this.fields = StoreFields.of(name);
    this.inserts = new InsertQueue(store, table, fields);
    this.feeds =
        new TableFeeds(
            store.template(),
            table,
            fields,
            StoreFields.tableName(name),
            store.settings().feedBuffer());
    String called = store.settings().database() + "." + StoreFields.tableName(name);
    long keepMillis = store.settings().keepMillis();
    this.kept = new KeptRows(called, new Again(), keepMillis, MAX_KEPT_LENGTH, System::nanoTime);
    this.keeping = new KeepingWatch(called, kept, keepMillis, RunningTime.real());
  }

  /** The table for what keeps rows of it: past what counts them as new. */
  private final class Again implements KeptRows.Rows {
    @Override
    public Map<String, Long> stamps(List<String> ids) throws StoreUnavailable {
      ReqlExpr found = table.getAll(ids.toArray()).pluck(StoreFields.ID, StoreFields.TIMESTAMP);
      return store.askInTurn(() -> store.template().documents(found)).stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  document -> document.text(StoreFields.ID),
                  document -> document.number(StoreFields.TIMESTAMP)));
    }

    @Override
    public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
      return inserts.submit(rows);
    }
  }

  @Override
  public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
    if (rows.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    StoreLimits.requireCount(rows.size(), StoreLimits.MAX_ROWS);
    List<NewRow> copy = List.copyOf(rows);
    return inserts
        .submit(copy)
        .thenApply(outcomes -> {
          kept.answered(copy, outcomes);
          keeping.start();
          return outcomes;
        });
  }

  KeptRows kept() {
    return kept;
  }

  KeepingWatch keeping() {
    return keeping;
  }

  @Override
  public List<Row> readAfter(String stream, Position after, int maxRows) throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_ROWS);
    return page(
        after(stream, after).orderBy().optArg("index", RethinkDbSchema.BY_STREAM).limit(maxRows));
  }

  @Override
  public List<RowRef> referencesAfter(String stream, Position after, int maxRows)
      throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_REFERENCES);
    ReqlExpr references =
        after(stream, after)
            .orderBy()
            .optArg("index", RethinkDbSchema.BY_STREAM)
            .limit(maxRows)
            .pluck(StoreFields.ID, StoreFields.TIMESTAMP);
    return store.ask(() -> store.template().documents(references)).stream()
        .map(document ->
            new RowRef(document.text(StoreFields.ID), document.number(StoreFields.TIMESTAMP)))
        .toList();
  }

  @Override
  public List<Row> readById(String prefix, String fromId, int maxRows) throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_ROWS);
    String from = fromId.compareTo(prefix) > 0 ? fromId : prefix;
    if (prefix.length() >= StoreLimits.MAX_ID_LENGTH) {
      boolean itself = prefix.length() == StoreLimits.MAX_ID_LENGTH && from.equals(prefix);
      return itself ? find(prefix).stream().toList() : List.of();
    }
    String until = prefix + ABOVE_EVERY_NAME;
    if (from.compareTo(until) >= 0) {
      return List.of();
    }
    // A key that is too long cannot be asked for; ids not below it are above its beginning.
    boolean cut = from.length() > StoreLimits.MAX_ID_LENGTH;
    Object lower =
        from.isEmpty()
            ? r.minval()
            : from.substring(0, Math.min(from.length(), StoreLimits.MAX_ID_LENGTH));
    return page(
        table
            .between(lower, until)
            .optArg("left_bound", cut ? "open" : "closed")
            .orderBy()
            .optArg("index", StoreFields.ID)
            .limit(maxRows));
  }

  @Override
  public Optional<Row> find(String id) throws StoreUnavailable {
    return store.ask(() -> store.template().document(table.get(id))).map(fields::row);
  }

  @Override
  public List<Row> findAll(List<String> ids) throws StoreUnavailable {
    if (ids.isEmpty()) {
      return List.of();
    }
    StoreLimits.requireCount(ids.size(), StoreLimits.MAX_ROWS);
    List<String> distinct = ids.stream().distinct().toList();
    return rows(table.getAll(distinct.toArray()));
  }

  @Override
  public Feed follow(String stream, Runnable wake, Runnable ended) {
    return feeds.follow(stream, wake, ended);
  }

  @Override
  public Feed followAll(Consumer<String> wakeStream, Runnable ended) {
    return feeds.followAll(wakeStream, ended);
  }

  private Between after(String stream, Position after) {
    return table
        .between(r.array(stream, after.timestampMillis(), after.id()), r.array(stream, r.maxval()))
        .optArg("index", RethinkDbSchema.BY_STREAM)
        .optArg("left_bound", "open");
  }

  /** Ends after the row that takes the bodies past the limit; not much more crosses the network. */
  private List<Row> page(ReqlExpr ordered) throws StoreUnavailable {
    List<Row> page = new ArrayList<>();
    long length = 0;
    for (Document document :
        store.ask(() ->
            store
                .template()
                .documents(ordered, QueryOptions.SAFE.cutAfter(StoreLimits.MAX_PAGE_LENGTH)))) {
      Row row = fields.row(document);
      page.add(row);
      length += row.body().length();
      if (length > StoreLimits.MAX_PAGE_LENGTH) {
        break;
      }
    }
    return page;
  }

  private List<Row> rows(ReqlExpr query) throws StoreUnavailable {
    return store.ask(() -> store.template().documents(query)).stream().map(fields::row).toList();
  }

  void close() {
    feeds.close();
    inserts.close();
  }
}
