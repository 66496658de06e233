package org.interseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.store.Persevering.ask;
import static org.interseal.store.Persevering.insert;
import static org.interseal.store.Persevering.insertOnce;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every adapter of the port keeps. It asks for no more than the port promises: outcomes may be
 * unknown and reads may fail for a while, feeds may be late, mute or over, and cursors overlap.
 *
 * <p>This part is about connections, clocks and feeds; {@link InsertContract}, {@link ReadContract}
 * and {@link MutableContract} are inherited with it.
 */
public abstract class StoreContract extends MutableContract {
  // ---- several connections and threads

  @Test
  void whatOneConnectionWroteAnotherReads() throws Exception {
    Store other = shared();
    insert(transactions, new NewRow(STREAM, "id-1", "body"));

    assertThat(ask(() -> other.append(TableName.TRANSACTIONS).find("id-1"))).isPresent();
    assertThat(insert(other.append(TableName.TRANSACTIONS), new NewRow(STREAM, "id-1", "body")))
        .isInstanceOf(InsertOutcome.AlreadyThere.class);
  }

  @Test
  void ofManyWhoInsertUnderOneIdOneWins() throws Exception {
    AppendTable other = shared().append(TableName.TRANSACTIONS);
    List<InsertOutcome> outcomes =
        inParallel(
            8,
            writer ->
                insert(
                    writer % 2 == 0 ? transactions : other,
                    new NewRow(STREAM, "id", "of-" + writer)));

    Row winner = ask(() -> transactions.find("id")).orElseThrow();
    assertThat(outcomes).filteredOn(new InsertOutcome.Occupied(winner)::equals).hasSize(7);
  }

  @Test
  void whatConcurrentWritersHadAcknowledgedIsAllThere() throws Exception {
    AppendTable other = shared().append(TableName.TRANSACTIONS);
    inParallel(
        8,
        writer -> {
          for (int i = 0; i < 10; i++) {
            insert(writer % 2 == 0 ? transactions : other, rows("w" + writer + "-" + i + "-", 10));
          }
          return true;
        });

    List<Row> all = readAll(STREAM, 100);
    assertThat(all).extracting(Row::id).doesNotHaveDuplicates().hasSize(800);
    assertThat(all).extracting(Row::position).isSorted();
  }

  @Test
  void aReaderThatOverlapsMissesNothingOfConcurrentWriters() throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicInteger writing = new AtomicInteger(4);
    Set<String> seen = new TreeSet<>();
    Callable<Boolean> reader =
        () -> {
          long passedMillis = 0;
          boolean last;
          do {
            last = writing.get() == 0;
            Position after = new Position(Math.max(0, passedMillis - store.overlapMillis()), "");
            for (Row row : readAllAfter(STREAM, after, 50)) {
              seen.add(row.id());
              passedMillis = Math.max(passedMillis, row.timestampMillis());
            }
          } while (!last);
          return true;
        };

    inParallel(
        5,
        worker -> {
          if (worker == 4) {
            return reader.call();
          }
          try {
            for (int i = 0; i < 40; i++) {
              List<NewRow> batch = rows("w" + worker + "-" + i + "-", 3);
              List<InsertOutcome> outcomes = insert(transactions, batch);
              assertThat(outcomes).doesNotHaveAnyElementsOfTypes(InsertOutcome.Occupied.class);
              batch.forEach(row -> acknowledged.add(row.id()));
            }
            return true;
          } finally {
            writing.decrementAndGet();
          }
        });

    assertThat(seen).containsAll(acknowledged).hasSize(480);
  }

  @Test
  void reopenedDataIsStillThere() throws Exception {
    insert(transactions, rows("id-", 10));
    Store again = shared();
    store.close();

    assertThat(
            ask(() -> again.append(TableName.TRANSACTIONS).readAfter(STREAM, Position.START, 100)))
        .hasSize(10);
  }

  @Test
  void aClosedStoreAnswersNothing() throws Exception {
    Store closing = shared();
    AppendTable table = closing.append(TableName.TRANSACTIONS);
    closing.close();
    closing.close();

    assertThat(insertOnce(table, rows("id-", 2))).hasOnlyElementsOfType(InsertOutcome.Failed.class);
    assertThatThrownBy(() -> table.find("id-1")).isInstanceOf(StoreUnavailable.class);
    assertThat(ask(() -> transactions.find("id-00000"))).isEmpty();
  }

  // ---- time

  @Test
  void theStoresClockDoesNotFallBehindItsStampsByMoreThanTheOverlap() throws Exception {
    insert(transactions, new NewRow(STREAM, "id-1", "body"));
    long stamp = ask(() -> transactions.find("id-1")).orElseThrow().timestampMillis();

    assertThat(ask(store::nowMillis)).isGreaterThanOrEqualTo(stamp - store.overlapMillis());
    assertThat(store.overlapMillis()).isNotNegative();
    assertThat(store.acknowledgementLimitMillis()).isPositive();
    assertThat(
            store.overlapMillis() == 0
                || store.overlapMillis() > 2 * store.acknowledgementLimitMillis())
        .isTrue();
  }

  // ---- feeds

  @Test
  void aFollowerIsWokenForRowsOfItsStream() throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    try (AppendTable.Feed feed = transactions.follow(STREAM, woken::countDown, () -> {})) {
      assertThat(feed).isNotNull();
      insert(transactions, rows("id-", 3));
      if (wakesReliably()) {
        assertThat(woken.await(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void aFollowerIsWokenForRowsOfAnotherConnection() throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    try (AppendTable.Feed feed = transactions.follow(STREAM, woken::countDown, () -> {})) {
      assertThat(feed).isNotNull();
      insert(shared().append(TableName.TRANSACTIONS), rows("id-", 3));
      if (wakesReliably()) {
        assertThat(woken.await(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void aFollowerOfAllIsToldTheStreams() throws Exception {
    Set<String> streams = ConcurrentHashMap.newKeySet();
    CountDownLatch both = new CountDownLatch(2);
    try (AppendTable.Feed feed =
        transactions.followAll(
            stream -> {
              if (streams.add(stream)) {
                both.countDown();
              }
            },
            () -> {})) {
      assertThat(feed).isNotNull();
      insert(transactions, List.of(new NewRow("bank-a", "a", "1"), new NewRow("bank-b", "b", "2")));
      if (wakesReliably()) {
        assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(streams).contains("bank-a", "bank-b");
      }
    }
  }

  @Test
  void aFollowerThatThrowsCostsTheOthersNothing() throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    try (AppendTable.Feed bad =
            transactions.follow(
                STREAM,
                () -> {
                  throw new IllegalStateException("planted");
                },
                () -> {});
        AppendTable.Feed good = transactions.follow(STREAM, woken::countDown, () -> {})) {
      assertThat(bad).isNotSameAs(good);
      insert(transactions, rows("id-", 1));
      if (wakesReliably()) {
        assertThat(woken.await(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void aClosedFeedIsNotToldOfItsEnd() throws Exception {
    AtomicInteger ends = new AtomicInteger();
    Store closing = shared();
    AppendTable.Feed feed =
        closing.append(TableName.TRANSACTIONS).follow("unused", () -> {}, ends::incrementAndGet);
    feed.close();
    feed.close();
    int endsAtClose = ends.get();
    closing.close();

    assertThat(ends.get()).isEqualTo(endsAtClose);
  }

  @Test
  void closingTheStoreEndsItsFeedsOnce() throws Exception {
    AtomicInteger ends = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(1);
    Store closing = shared();
    AppendTable.Feed feed =
        closing
            .append(TableName.TRANSACTIONS)
            .follow(
                "unused",
                () -> {},
                () -> {
                  ends.incrementAndGet();
                  ended.countDown();
                });
    closing.close();

    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    feed.close();
    assertThat(ends.get()).isEqualTo(1);
  }
}
