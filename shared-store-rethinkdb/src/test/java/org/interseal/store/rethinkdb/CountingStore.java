package org.interseal.store.rethinkdb;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.MutableTable;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * A store that counts what became of the rows inserted through it, and knows the last reason why
 * not.
 */
record CountingStore(
    Store store, AtomicInteger unknown, AtomicInteger failed, AtomicReference<String> reason)
    implements Store {
  CountingStore(Store store) {
    this(store, new AtomicInteger(), new AtomicInteger(), new AtomicReference<>("none"));
  }

  private void count(List<InsertOutcome> outcomes) {
    for (InsertOutcome outcome : outcomes) {
      switch (outcome) {
        case InsertOutcome.Unknown(String detail) -> {
          unknown.incrementAndGet();
          reason.set(detail);
        }
        case InsertOutcome.Failed(String detail) -> {
          failed.incrementAndGet();
          reason.set(detail);
        }
        case InsertOutcome.Inserted _, InsertOutcome.AlreadyThere _, InsertOutcome.Occupied _ -> {}
      }
    }
  }

  @Override
  public AppendTable append(TableName name) {
    return new Counted(store.append(name));
  }

  @Override
  public MutableTable mutable(TableName name) {
    return store.mutable(name);
  }

  @Override
  public long nowMillis() throws StoreUnavailable {
    return store.nowMillis();
  }

  @Override
  public long overlapMillis() {
    return store.overlapMillis();
  }

  @Override
  public long acknowledgementLimitMillis() {
    return store.acknowledgementLimitMillis();
  }

  @Override
  public void close() {
    store.close();
  }

  private final class Counted implements AppendTable {
    private final AppendTable table;

    Counted(AppendTable table) {
      this.table = table;
    }

    @Override
    public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
      return table
          .insert(rows)
          .whenComplete((outcomes, _) -> count(outcomes == null ? List.of() : outcomes));
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
}
