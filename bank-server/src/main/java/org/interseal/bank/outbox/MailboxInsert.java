package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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

  /** When rows that are not known to be durable were first sent, as far as they still are to be. */
  private final Map<Content, Long> firstTried = new ConcurrentHashMap<>();

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
    contents.forEach(content -> firstTried.putIfAbsent(content, sentNanos));
    return table
        .insert(rows)
        .thenCompose(outcomes -> {
          List<Boolean> durable = new ArrayList<>(outcomes.size());
          List<Content> again = new ArrayList<>();
          for (int i = 0; i < outcomes.size(); i++) {
            Content content = contents.get(i);
            switch (outcomes.get(i)) {
              case InsertOutcome.Inserted _ -> {
                durable.add(true);
                if (isLate(sentNanos)) {
                  again.add(content);
                }
              }
              case InsertOutcome.AlreadyThere _, InsertOutcome.Occupied _ -> {
                durable.add(true);
                // It may be one of ours that became visible long after the outcome was unknown.
                if (isLate(firstTried.getOrDefault(content, sentNanos))) {
                  again.add(content);
                }
              }
              case InsertOutcome.Unknown _, InsertOutcome.Failed _ -> durable.add(false);
            }
            boolean done = attempt > 0 || !again.contains(content);
            if (durable.get(i) && done) {
              firstTried.remove(content);
            }
          }
          // Readers may have passed that stamp: the same message stands once more under the next
          // id. One repetition; a store that slow twice in a row is out of order, and gateways
          // sweep. A repetition that is not known to be durable is the caller's to try again.
          return again.isEmpty() || attempt > 0
              ? CompletableFuture.completedFuture(durable)
              : insert(again, attempt + 1)
                  .thenApply(repeated -> withRepeated(contents, durable, again, repeated));
        });
  }

  private static List<Boolean> withRepeated(
      List<Content> contents, List<Boolean> durable, List<Content> again, List<Boolean> repeated) {
    for (int i = 0; i < again.size(); i++) {
      durable.set(contents.indexOf(again.get(i)), repeated.get(i));
    }
    return durable;
  }

  private boolean isLate(long sinceNanos) {
    return store.overlapMillis() > 0
        && time.millisSince(sinceNanos) > store.acknowledgementLimitMillis();
  }
}
