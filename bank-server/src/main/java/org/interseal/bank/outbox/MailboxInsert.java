package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.interseal.store.AppendTable;
import org.interseal.store.DurableInsert.Content;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.RunningTime;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/**
 * Inserts rows whose id names the message and not the bytes: an id that is taken means that the
 * message was delivered before, sealed another time. Only the bank's own servers can write these
 * tables.
 */
final class MailboxInsert implements RowInsert {
  private final Store store;
  private final AppendTable table;
  private final RunningTime time;

  MailboxInsert(Store bankStore, TableName table, RunningTime time) {
    this.store = bankStore;
    this.table = bankStore.append(table);
    this.time = time;
  }

  @Override
  public CompletableFuture<List<Boolean>> insert(List<Content> rows) {
    return insert(rows, 0);
  }

  private CompletableFuture<List<Boolean>> insert(List<Content> contents, int attempt) {
    List<NewRow> rows = contents.stream().map(content -> content.row(attempt)).toList();
    long sentNanos = time.nanoTime();
    return table
        .insert(rows)
        .thenCompose(outcomes -> {
          boolean late =
              store.overlapMillis() > 0
                  && time.millisSince(sentNanos) > store.acknowledgementLimitMillis();
          List<Boolean> durable = new ArrayList<>(outcomes.size());
          List<Content> again = new ArrayList<>();
          for (int i = 0; i < outcomes.size(); i++) {
            boolean isDurable =
                switch (outcomes.get(i)) {
                  case InsertOutcome.Inserted _,
                      InsertOutcome.AlreadyThere _,
                      InsertOutcome.Occupied _ ->
                      true;
                  case InsertOutcome.Unknown _, InsertOutcome.Failed _ -> false;
                };
            durable.add(isDurable);
            if (late && outcomes.get(i) instanceof InsertOutcome.Inserted) {
              again.add(contents.get(i));
            }
          }
          // Readers may have passed that stamp: the same message stands once more under the next
          // id. One
          // repetition; a store that slow twice in a row is out of order, and gateways sweep.
          return again.isEmpty() || attempt > 0
              ? CompletableFuture.completedFuture(durable)
              : insert(again, attempt + 1).thenApply(ignored -> durable);
        });
  }
}
