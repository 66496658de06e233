package org.interseal.bank.outbox;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.interseal.store.DurableInsert;

/** Inserts rows of one table. */
@FunctionalInterface
interface RowInsert {
  /** Whether each row is durable now; what is not may be given again. Blocks. */
  List<Boolean> insert(List<DurableInsert.Content> rows) throws InterruptedException;

  static RowInsert durably(DurableInsert inserts) {
    return rows -> {
      try {
        return inserts.insert(rows).get().stream()
            .map(result -> result instanceof DurableInsert.Result.Durable)
            .toList();
      } catch (ExecutionException e) {
        throw new IllegalStateException("inserts complete normally", e.getCause());
      }
    };
  }
}
