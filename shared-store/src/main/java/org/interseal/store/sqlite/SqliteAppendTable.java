package org.interseal.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/** An insert-only table of an SQLite file. */
final class SqliteAppendTable implements AppendTable {
  private final SqliteStore store;
  private final SqliteEngine engine;
  private final TableName name;
  private final AppendSql sql;
  private final InstantSource clock;

  SqliteAppendTable(SqliteStore store, SqliteEngine engine, TableName name, InstantSource clock) {
    this.store = store;
    this.engine = engine;
    this.name = name;
    this.sql = AppendSql.of(name);
    this.clock = clock;
  }

  @Override
  public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
    if (rows.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    StoreLimits.requireCount(rows.size(), StoreLimits.MAX_ROWS);
    Submission.Inserts inserts = new Submission.Inserts(name, sql, rows, clock);
    if (store.isClosed()) {
      inserts.failed("the store is closed");
    } else {
      engine.submit(inserts);
    }
    return inserts.result();
  }

  @Override
  public List<Row> readAfter(String stream, Position after, int maxRows) throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_ROWS);
    return query(
        sql.readAfter(), statement -> bindAfter(statement, stream, after, maxRows), Rows::readPage);
  }

  @Override
  public List<RowRef> referencesAfter(String stream, Position after, int maxRows)
      throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_REFERENCES);
    return query(
        sql.referencesAfter(),
        statement -> bindAfter(statement, stream, after, maxRows),
        SqliteAppendTable::readReferences);
  }

  private static void bindAfter(
      PreparedStatement statement, String stream, Position after, int maxRows) throws SQLException {
    statement.setString(1, stream);
    statement.setLong(2, after.timestampMillis());
    statement.setString(3, after.id());
    statement.setInt(4, maxRows);
  }

  private static List<RowRef> readReferences(ResultSet result) throws SQLException {
    List<RowRef> references = new ArrayList<>();
    while (result.next()) {
      references.add(new RowRef(result.getString(1), result.getLong(2)));
    }
    return references;
  }

  @Override
  public List<Row> readById(String prefix, String fromId, int maxRows) throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_ROWS);
    return query(
        sql.readById(),
        statement -> {
          statement.setString(1, fromId.compareTo(prefix) > 0 ? fromId : prefix);
          statement.setString(2, prefix + Rows.AFTER_EVERY_NAME);
          statement.setInt(3, maxRows);
        },
        Rows::readPage);
  }

  @Override
  public Optional<Row> find(String id) throws StoreUnavailable {
    return query(
        sql.find(),
        statement -> statement.setString(1, id),
        result -> result.next() ? Optional.of(Rows.read(result)) : Optional.<Row>empty());
  }

  @Override
  public List<Row> findAll(List<String> ids) throws StoreUnavailable {
    if (ids.isEmpty()) {
      return List.of();
    }
    StoreLimits.requireCount(ids.size(), StoreLimits.MAX_ROWS);
    // Names need no escaping in JSON: they have neither quotes nor backslashes.
    ids.forEach(id -> StoreLimits.requireMutableRow(id, ""));
    String json = ids.stream().map(id -> '"' + id + '"').collect(Collectors.joining(",", "[", "]"));
    return query(
        sql.findAll(),
        statement -> statement.setString(1, json),
        result -> {
          List<Row> rows = new ArrayList<>();
          while (result.next()) {
            rows.add(Rows.read(result));
          }
          return rows;
        });
  }

  private interface Bindings {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private interface Extraction<T> {
    T from(ResultSet result) throws SQLException;
  }

  private <T> T query(String text, Bindings bindings, Extraction<T> extraction)
      throws StoreUnavailable {
    store.requireOpen();
    return engine
        .readers()
        .read(session -> {
          PreparedStatement statement = session.statement(text);
          bindings.bind(statement);
          try (ResultSet result = statement.executeQuery()) {
            return extraction.from(result);
          }
        });
  }

  @Override
  public Feed follow(String stream, Runnable wake, Runnable ended) {
    return follow(stream, woken -> wake.run(), ended);
  }

  @Override
  public Feed followAll(Consumer<String> wakeStream, Runnable ended) {
    return follow(null, wakeStream, ended);
  }

  private Feed follow(@Nullable String stream, Consumer<String> wake, Runnable ended) {
    try {
      store.requireOpen();
      long lastRowId = engine.readers().read(session -> session.queryLong(sql.lastRowId()));
      return engine.feeds().follow(store, name, stream, lastRowId, wake, ended);
    } catch (StoreUnavailable e) {
      // The port reports it as a feed that ended at once; not in this call, which may hold the
      // caller's locks.
      EndedAtOnce feed = new EndedAtOnce(ended);
      Thread.ofVirtual().start(feed::end);
      return feed;
    }
  }

  /** A feed that never delivered anything. */
  private static final class EndedAtOnce implements Feed {
    private final Runnable ended;
    private boolean closed;

    EndedAtOnce(Runnable ended) {
      this.ended = ended;
    }

    void end() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
      }
      ended.run();
    }

    @Override
    public synchronized void close() {
      closed = true;
    }
  }
}
