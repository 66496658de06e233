package org.interseal.store.rethinkdb;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.interseal.store.AppendTable;
import org.interseal.store.DelegatingStore;
import org.interseal.store.DelegatingTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/**
 * A store that counts what became of the rows inserted through it, and knows the last reason why
 * not.
 */
final class CountingStore extends DelegatingStore {
  private final AtomicInteger unknown = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicReference<String> reason = new AtomicReference<>("none");

  CountingStore(Store store) {
    super(store);
  }

  AtomicInteger unknown() {
    return unknown;
  }

  AtomicInteger failed() {
    return failed;
  }

  AtomicReference<String> reason() {
    return reason;
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
    return new DelegatingTable(super.append(name)) {
      @Override
      public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
        return super.insert(rows)
            .whenComplete((outcomes, _) -> count(outcomes == null ? List.of() : outcomes));
      }
    };
  }
}
