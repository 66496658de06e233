package org.interseal.bank.chain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * A table that answers as a test says and lets it change history, as the store's operator can. One
 * thread.
 */
public final class PlantedTable implements AppendTable {
  /** What happens to the next insert. */
  public enum Fate {
    WORKS,
    UNKNOWN_AND_THERE,
    UNKNOWN_AND_NOT_THERE,
    FAILS,
    NEVER_ANSWERS,
    /** A conflict with a row that is rolled back. */
    CONFLICT_WITH_NOTHING
  }

  private final TreeMap<String, Row> rows = new TreeMap<>();
  private final Deque<Fate> fates = new ArrayDeque<>();
  private final List<NewRow> inserts = new ArrayList<>();
  private Fate afterwards = Fate.WORKS;
  private int failingReads;
  private @Nullable String squattedFrom;

  public void next(Fate... planned) {
    fates.addAll(List.of(planned));
  }

  public void fromNowOn(Fate fate) {
    afterwards = fate;
  }

  public void failReads(int count) {
    failingReads = count;
  }

  /** Writes over whatever is there. */
  public void plant(Row row) {
    rows.put(row.id(), row);
  }

  public void plant(String id, String body) {
    plant(new Row(id.substring(0, 3), id, body, 1));
  }

  /** Junk stands at every id of that height from now on, without taking up memory. */
  public void squatAfter(String firstId) {
    squattedFrom = firstId.substring(0, firstId.lastIndexOf('.') + 1);
  }

  private Optional<Row> squatted(String id) {
    return Optional.ofNullable(squattedFrom)
        .filter(id::startsWith)
        .map(from -> new Row("p00", id, "junk", 1));
  }

  public Row remove(String id) {
    Row removed = rows.remove(id);
    if (removed == null) {
      throw new AssertionError("no row " + id);
    }
    return removed;
  }

  public List<Row> rows() {
    return List.copyOf(rows.values());
  }

  public void restore(List<Row> backup) {
    rows.clear();
    backup.forEach(this::plant);
  }

  /** Everything that was tried, in order. */
  public List<NewRow> inserts() {
    return List.copyOf(inserts);
  }

  @Override
  public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> batch) {
    Fate next = fates.poll();
    Fate fate = next == null ? afterwards : next;
    inserts.addAll(batch);
    return switch (fate) {
      case WORKS -> CompletableFuture.completedFuture(batch.stream().map(this::put).toList());
      case UNKNOWN_AND_THERE -> {
        batch.forEach(this::put);
        yield all(batch, new InsertOutcome.Unknown("planted"));
      }
      case UNKNOWN_AND_NOT_THERE -> all(batch, new InsertOutcome.Unknown("planted"));
      case FAILS -> all(batch, new InsertOutcome.Failed("planted"));
      case NEVER_ANSWERS -> new CompletableFuture<>();
      case CONFLICT_WITH_NOTHING ->
          all(
              batch,
              new InsertOutcome.Occupied(new Row("p00", batch.getFirst().id(), "rolled back", 1)));
    };
  }

  private static CompletableFuture<List<InsertOutcome>> all(
      List<NewRow> batch, InsertOutcome outcome) {
    return CompletableFuture.completedFuture(batch.stream().map(row -> outcome).toList());
  }

  private InsertOutcome put(NewRow row) {
    Row stored = new Row(row.stream(), row.id(), row.body(), 1);
    squatted(row.id()).ifPresent(this::plant);
    Row existing = rows.putIfAbsent(row.id(), stored);
    if (existing == null) {
      return new InsertOutcome.Inserted(1);
    }
    return existing.equals(stored)
        ? new InsertOutcome.AlreadyThere(1)
        : new InsertOutcome.Occupied(existing);
  }

  private void mayFail() throws StoreUnavailable {
    if (failingReads > 0) {
      failingReads--;
      throw new StoreUnavailable("planted");
    }
  }

  @Override
  public List<Row> readById(String prefix, String fromId, int maxRows) throws StoreUnavailable {
    mayFail();
    return rows.tailMap(fromId, true).values().stream()
        .filter(row -> row.id().startsWith(prefix))
        .limit(maxRows)
        .toList();
  }

  @Override
  public Optional<Row> find(String id) throws StoreUnavailable {
    mayFail();
    return Optional.ofNullable(rows.get(id)).or(() -> squatted(id));
  }

  @Override
  public List<Row> findAll(List<String> ids) throws StoreUnavailable {
    mayFail();
    if (squattedFrom != null) {
      return ids.stream().flatMap(id -> squatted(id).stream()).toList();
    }
    return rows.values().stream().filter(row -> ids.contains(row.id())).toList();
  }

  @Override
  public List<Row> readAfter(String stream, Position after, int maxRows) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<RowRef> referencesAfter(String stream, Position after, int maxRows) {
    throw new UnsupportedOperationException();
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
