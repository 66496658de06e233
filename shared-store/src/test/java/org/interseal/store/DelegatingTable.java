package org.interseal.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An insert-only table that leaves everything to another one: a test overrides what it wants
 * otherwise.
 */
public class DelegatingTable implements AppendTable {
  private final AppendTable table;

  public DelegatingTable(AppendTable table) {
    this.table = table;
  }

  @Override
  public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
    return table.insert(rows);
  }

  @Override
  public List<Row> readAfter(String stream, Position after, int maxRows) throws StoreUnavailable {
    return table.readAfter(stream, after, maxRows);
  }

  @Override
  public List<RowRef> referencesAfter(String stream, Position after, int maxRows)
      throws StoreUnavailable {
    return table.referencesAfter(stream, after, maxRows);
  }

  @Override
  public List<Row> readById(String prefix, String fromId, int maxRows) throws StoreUnavailable {
    return table.readById(prefix, fromId, maxRows);
  }

  @Override
  public Optional<Row> find(String id) throws StoreUnavailable {
    return table.find(id);
  }

  @Override
  public List<Row> findAll(List<String> ids) throws StoreUnavailable {
    return table.findAll(ids);
  }

  @Override
  public Feed follow(String stream, Runnable wake, Runnable ended) {
    return table.follow(stream, wake, ended);
  }

  @Override
  public Feed followAll(Consumer<String> wakeStream, Runnable ended) {
    return table.followAll(wakeStream, ended);
  }
}
