package org.interseal.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A table of one stream whose rows and stamps a test sets. */
class FixedTable implements AppendTable {
  private final TreeMap<Position, Row> rows = new TreeMap<>();

  void add(Row row) {
    rows.put(row.position(), row);
  }

  @Override
  public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> newRows) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Row> readAfter(String stream, Position after, int maxRows) {
    return rows.tailMap(after, false).values().stream().limit(maxRows).toList();
  }

  @Override
  public List<RowRef> referencesAfter(String stream, Position after, int maxRows) {
    return rows.tailMap(after, false).values().stream()
        .limit(maxRows)
        .map(row -> new RowRef(row.id(), row.timestampMillis()))
        .toList();
  }

  @Override
  public List<Row> readById(String prefix, String fromId, int maxRows) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Row> find(String id) {
    return rows.values().stream().filter(row -> row.id().equals(id)).findFirst();
  }

  @Override
  public List<Row> findAll(List<String> ids) {
    List<Row> found = new ArrayList<>();
    ids.forEach(id -> find(id).ifPresent(found::add));
    return found;
  }

  @Override
  public Feed follow(String stream, Runnable wake, Runnable ended) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Feed followAll(Consumer<String> wakeStream, Runnable ended) {
    throw new UnsupportedOperationException();
  }
}
