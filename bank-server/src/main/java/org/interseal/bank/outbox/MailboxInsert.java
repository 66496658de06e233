package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongPredicate;
import org.interseal.store.AppendTable;
import org.interseal.store.DurableInsert.Content;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.RunningTime;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * Inserts rows whose id names the message and not the bytes: an id that is taken means that the
 * message was written before, sealed another time. Only the bank's own servers can write these
 * tables.
 *
 * <p>Written is not seen: a row may become visible long after its stamp, when readers have passed
 * it, and who wrote it may have died without knowing. So a row that is found there and is older
 * than readers look back is written once more, under its next id. Devices tell repetitions by the
 * message's own id.
 */
final class MailboxInsert implements RowInsert {
  private final Store store;
  private final AppendTable table;
  private final Scheduler scheduler;
  private final RunningTime time;

  /**
   * @param scheduler for asking the store's clock, which may block
   */
  MailboxInsert(Store bankStore, TableName table, Scheduler scheduler, RunningTime time) {
    this.store = bankStore;
    this.table = bankStore.append(table);
    this.scheduler = scheduler;
    this.time = time;
  }

  /** What is known of a row after it was sent. */
  private sealed interface Fate {
    /** Readers come by it. */
    record Durable() implements Fate {}

    record NotDurable() implements Fate {}

    /** It was acknowledged so late that readers may have passed it. */
    record Late() implements Fate {}

    /** Something stood there under its id, stamped then. */
    record There(long timestampMillis) implements Fate {}
  }

  @Override
  public CompletableFuture<List<Boolean>> insert(List<Content> contents) {
    return send(contents, 0)
        .thenCompose(this::ruledByAge)
        .thenCompose(fates -> repeated(contents, fates));
  }

  private CompletableFuture<List<Fate>> send(List<Content> contents, int attempt) {
    List<NewRow> rows = contents.stream().map(content -> content.row(attempt)).toList();
    long sentNanos = time.nanoTime();
    return table
        .insert(rows)
        .thenApply(outcomes -> outcomes.stream().map(o -> fate(o, sentNanos)).toList());
  }

  private Fate fate(InsertOutcome outcome, long sentNanos) {
    boolean readersPass = store.overlapMillis() > 0;
    return switch (outcome) {
      case InsertOutcome.Inserted _ ->
          readersPass && time.millisSince(sentNanos) > store.acknowledgementLimitMillis()
              ? new Fate.Late()
              : new Fate.Durable();
      case InsertOutcome.AlreadyThere(long timestamp) ->
          readersPass ? new Fate.There(timestamp) : new Fate.Durable();
      case InsertOutcome.Occupied(var existing) ->
          readersPass ? new Fate.There(existing.timestampMillis()) : new Fate.Durable();
      case InsertOutcome.Unknown _, InsertOutcome.Failed _ -> new Fate.NotDurable();
    };
  }

  /** Finds out which of those that were there stand where every reader still looks. */
  private CompletableFuture<List<Fate>> ruledByAge(List<Fate> fates) {
    if (fates.stream().noneMatch(Fate.There.class::isInstance)) {
      return CompletableFuture.completedFuture(fates);
    }
    CompletableFuture<List<Fate>> ruled = new CompletableFuture<>();
    try {
      scheduler.after(0, () -> ruled.complete(ruleNow(fates)));
    } catch (RejectedExecutionException e) {
      // Shutting down; the next start sends them again.
      ruled.complete(ruled(fates, new Fate.NotDurable(), timestamp -> true));
    }
    return ruled;
  }

  /** The store's clock may be behind by what the answer took. Blocks. */
  private List<Fate> ruleNow(List<Fate> fates) {
    long askedNanos = time.nanoTime();
    try {
      long latestMillis = store.nowMillis() + time.millisSince(askedNanos);
      return ruled(
          fates,
          new Fate.Late(),
          timestamp -> latestMillis - timestamp > store.overlapMillis() / 2);
    } catch (StoreUnavailable e) {
      return ruled(fates, new Fate.NotDurable(), timestamp -> true);
    }
  }

  /** Those that were there and whose stamps are so become {@code then}, the others durable. */
  private static List<Fate> ruled(List<Fate> fates, Fate then, LongPredicate timestamps) {
    return fates.stream()
        .map(fate ->
            fate instanceof Fate.There(long timestamp)
                ? timestamps.test(timestamp) ? then : new Fate.Durable()
                : fate)
        .toList();
  }

  /**
   * Late rows once more. One repetition: whatever stands under the next id will do. A store that is
   * slow twice in a row is out of order, and one that is not known to be durable is the caller's to
   * try again.
   */
  private CompletableFuture<List<Boolean>> repeated(List<Content> contents, List<Fate> fates) {
    List<Integer> late = new ArrayList<>();
    List<Boolean> durable = new ArrayList<>(fates.size());
    for (int i = 0; i < fates.size(); i++) {
      durable.add(!(fates.get(i) instanceof Fate.NotDurable));
      if (fates.get(i) instanceof Fate.Late) {
        late.add(i);
      }
    }
    if (late.isEmpty()) {
      return CompletableFuture.completedFuture(durable);
    }
    return send(late.stream().map(contents::get).toList(), 1)
        .thenApply(again -> {
          for (int i = 0; i < late.size(); i++) {
            durable.set(late.get(i), !(again.get(i) instanceof Fate.NotDurable));
          }
          return durable;
        });
  }
}
