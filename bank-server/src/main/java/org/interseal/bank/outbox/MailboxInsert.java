package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.interseal.store.AppendTable;
import org.interseal.store.DurableInsert.Content;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.RunningTime;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inserts rows whose id names the message and not the bytes: an id that is taken means that the
 * message was written before, sealed another time. Only the bank's own servers can write these
 * tables.
 *
 * <p>Written is not seen: a row may become visible long after its stamp, when readers have passed
 * it, and who wrote it may have died without knowing. So a row that is found there and is older
 * than half the readers' overlap is written once more, under its next id. Recipients tell
 * repetitions by the message's own id.
 */
final class MailboxInsert implements RowInsert {
  /** Ids of one message, after which it is given up: a store so slow so often is out of order. */
  static final int MAX_ATTEMPTS = 4;

  private static final Logger log = LoggerFactory.getLogger(MailboxInsert.class);

  private final Store store;
  private final AppendTable table;
  private final boolean readersSweep;
  private final RunningTime time;

  /**
   * @param readersSweep whether readers look for rows that they passed, so that what is there will
   *     be read
   */
  MailboxInsert(Store bankStore, TableName table, boolean readersSweep, RunningTime time) {
    this.store = bankStore;
    this.table = bankStore.append(table);
    this.readersSweep = readersSweep;
    this.time = time;
  }

  /** What is known of a row after it was sent. */
  private sealed interface Fate {
    /** Readers come by it. */
    record Durable() implements Fate {}

    record NotDurable() implements Fate {}

    /** It is there, and readers may have passed it. */
    record Late() implements Fate {}

    /** Something stood there under its id, stamped then. */
    record There(long timestampMillis) implements Fate {}
  }

  @Override
  public List<Boolean> insert(List<Content> contents) throws InterruptedException {
    boolean[] durable = new boolean[contents.size()];
    List<Integer> left = IntStream.range(0, contents.size()).boxed().toList();
    for (int attempt = 0; attempt < MAX_ATTEMPTS && !left.isEmpty(); attempt++) {
      List<Fate> fates = ruledByAge(send(left.stream().map(contents::get).toList(), attempt));
      List<Integer> late = new ArrayList<>();
      for (int i = 0; i < fates.size(); i++) {
        if (fates.get(i) instanceof Fate.Late) {
          late.add(left.get(i));
        }
        durable[left.get(i)] = fates.get(i) instanceof Fate.Durable;
      }
      left = late;
    }
    if (!left.isEmpty()) {
      for (int i : left) {
        durable[i] = true;
        NewRow row = contents.get(i).row(MAX_ATTEMPTS - 1);
        log.warn("readers of {} may have passed {} and those before it", row.stream(), row.id());
      }
    }
    return IntStream.range(0, durable.length).mapToObj(i -> durable[i]).toList();
  }

  private List<Fate> send(List<Content> contents, int attempt) throws InterruptedException {
    List<NewRow> rows = contents.stream().map(content -> content.row(attempt)).toList();
    long sentNanos = time.nanoTime();
    try {
      List<InsertOutcome> outcomes = table.insert(rows).get();
      boolean late = isLate(time.millisSince(sentNanos), attempt);
      return outcomes.stream().map(outcome -> fate(outcome, late)).toList();
    } catch (ExecutionException e) {
      throw new IllegalStateException("inserts complete normally", e.getCause());
    }
  }

  /**
   * A repetition may take longer: it stands within the overlap all the same, and a slow store has
   * enough to do.
   */
  private boolean isLate(long tookMillis, int attempt) {
    long overlapMillis = store.overlapMillis();
    long limitMillis = attempt == 0 ? store.acknowledgementLimitMillis() : overlapMillis / 2;
    return overlapMillis > 0 && !readersSweep && tookMillis > limitMillis;
  }

  private Fate fate(InsertOutcome outcome, boolean late) {
    return switch (outcome) {
      case InsertOutcome.Inserted _ -> late ? new Fate.Late() : new Fate.Durable();
      case InsertOutcome.AlreadyThere(long timestamp) -> there(timestamp);
      case InsertOutcome.Occupied(var existing) -> there(existing.timestampMillis());
      case InsertOutcome.Unknown _, InsertOutcome.Failed _ -> new Fate.NotDurable();
    };
  }

  private Fate there(long timestampMillis) {
    return readersSweep || store.overlapMillis() == 0
        ? new Fate.Durable()
        : new Fate.There(timestampMillis);
  }

  /** Finds out which of those that were there stand where every reader still looks. */
  private List<Fate> ruledByAge(List<Fate> fates) {
    if (fates.stream().noneMatch(Fate.There.class::isInstance)) {
      return fates;
    }
    try {
      long askedNanos = time.nanoTime();
      // The store's clock may be behind by what the answer took.
      long latestMillis = store.nowMillis() + time.millisSince(askedNanos);
      long oldestMillis = latestMillis - store.overlapMillis() / 2;
      return fates.stream()
          .map(fate ->
              fate instanceof Fate.There(long timestamp)
                  ? timestamp < oldestMillis ? new Fate.Late() : new Fate.Durable()
                  : fate)
          .toList();
    } catch (StoreUnavailable e) {
      return unknown(fates);
    } catch (RuntimeException e) {
      log.error("the store's clock gave no time", e);
      return unknown(fates);
    }
  }

  private static List<Fate> unknown(List<Fate> fates) {
    return fates.stream()
        .map(fate -> fate instanceof Fate.There ? new Fate.NotDurable() : fate)
        .toList();
  }
}
