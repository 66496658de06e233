package org.interseal.store.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** An insert-only table of an unkind store. */
final class UnkindAppendTable implements AppendTable {
  private final UnkindStore store;
  private final UnkindDatabase database;
  private final TableName name;

  UnkindAppendTable(UnkindStore store, UnkindDatabase database, TableName name) {
    this.store = store;
    this.database = database;
    this.name = name;
  }

  @Override
  public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
    if (rows.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    StoreLimits.requireCount(rows.size(), StoreLimits.MAX_ROWS);
    if (store.isClosed()) {
      return CompletableFuture.completedFuture(
          Collections.nCopies(rows.size(), new InsertOutcome.Failed("the store is closed")));
    }
    return UnkindInsert.start(database, name, rows);
  }

  @Override
  public List<Row> readAfter(String stream, Position after, int maxRows) throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_ROWS);
    store.requireOpen();
    return database.read(
        store, name, rows -> page(rows.stream(stream).tailMap(after, false).values(), maxRows));
  }

  @Override
  public List<RowRef> referencesAfter(String stream, Position after, int maxRows)
      throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_REFERENCES);
    store.requireOpen();
    return database.read(
        store,
        name,
        rows ->
            rows.stream(stream).tailMap(after, false).values().stream()
                .limit(maxRows)
                .map(row -> new RowRef(row.id(), row.timestampMillis()))
                .toList());
  }

  @Override
  public List<Row> readById(String prefix, String fromId, int maxRows) throws StoreUnavailable {
    StoreLimits.requireCount(maxRows, StoreLimits.MAX_ROWS);
    store.requireOpen();
    String from = fromId.compareTo(prefix) > 0 ? fromId : prefix;
    return database.read(
        store,
        name,
        rows ->
            from.startsWith(prefix)
                ? page(
                    rows.byId.subMap(from, true, prefix + Character.MAX_VALUE, false).values(),
                    maxRows)
                : List.of());
  }

  private static List<Row> page(Iterable<Row> rows, int maxRows) {
    List<Row> page = new ArrayList<>();
    long length = 0;
    for (Row row : rows) {
      if (page.size() == maxRows || length > StoreLimits.MAX_PAGE_LENGTH) {
        break;
      }
      page.add(row);
      length += row.body().length();
    }
    return page;
  }

  @Override
  public Optional<Row> find(String id) throws StoreUnavailable {
    store.requireOpen();
    return database.read(store, name, rows -> Optional.ofNullable(rows.byId.get(id)));
  }

  @Override
  public List<Row> findAll(List<String> ids) throws StoreUnavailable {
    if (ids.isEmpty()) {
      return List.of();
    }
    StoreLimits.requireCount(ids.size(), StoreLimits.MAX_ROWS);
    store.requireOpen();
    return database.read(
        store,
        name,
        rows -> ids.stream().distinct().map(rows.byId::get).filter(Objects::nonNull).toList());
  }

  @Override
  public Feed follow(String stream, Runnable wake, Runnable ended) {
    return database.feeds().follow(store, name, stream, woken -> wake.run(), ended);
  }

  @Override
  public Feed followAll(Consumer<String> wakeStream, Runnable ended) {
    return database.feeds().follow(store, name, null, wakeStream, ended);
  }
}
