package org.interseal.bank.outbox;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.interseal.store.DurableInsert;

/** Inserts rows of one table. */
@FunctionalInterface
interface RowInsert {
  /** Whether each row is durable now; what is not may be given again. Completes normally. */
  CompletableFuture<List<Boolean>> insert(List<DurableInsert.Content> rows);

  static RowInsert durably(DurableInsert inserts) {
    return rows ->
        inserts
            .insert(rows)
            .thenApply(results ->
                results.stream()
                    .map(result -> result instanceof DurableInsert.Result.Durable)
                    .toList());
  }
}
