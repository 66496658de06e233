package org.interseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.store.Persevering.ask;
import static org.interseal.store.Persevering.insert;
import static org.interseal.store.Persevering.insertOnce;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every adapter of the port keeps. It asks for no more than the port promises: outcomes may be
 * unknown and reads may fail for a while, feeds may be late, mute or over, and cursors overlap.
 */
public abstract class StoreContract {
  private static final String STREAM = "bank-a";

  private final List<Store> opened = new ArrayList<>();
  @SuppressWarnings("NullAway.Init")
  private AppendTable transactions;

  @SuppressWarnings("NullAway.Init")
  private Store store;

  /** Another connection to the shared database of this test, which is empty at first. */
  protected abstract Store connectShared();

  /** Another connection to one bank's database of this test, which is empty at first. */
  protected abstract Store connectBank();

  /** Whether this adapter, as set up here, always wakes soon; the port alone promises nothing of the kind. */
  protected boolean wakesReliably() {
    return true;
  }

  /** Whether every first try has a known outcome. */
  protected boolean answersReliably() {
    return true;
  }

  @BeforeEach
  final void open() {
    store = shared();
    transactions = store.append(TableName.TRANSACTIONS);
  }

  @AfterEach
  final void closeAll() {
    opened.forEach(Store::close);
  }

  private Store shared() {
    Store connected = connectShared();
    opened.add(connected);
    return connected;
  }

  private Store bank() {
    Store connected = connectBank();
    opened.add(connected);
    return connected;
  }

  // ---- outcomes of inserts

  @Test
  void anInsertedRowIsFoundAsItWasGiven() throws Exception {
    String body = "ä€𝄞 \" \\ ' \n " + "x".repeat(5_000);
    insert(transactions, new NewRow(STREAM, "id-1", body));

    Row row = ask(() -> transactions.find("id-1")).orElseThrow();
    assertThat(row.stream()).isEqualTo(STREAM);
    assertThat(row.id()).isEqualTo("id-1");
    assertThat(row.body()).isEqualTo(body);
    assertThat(row.timestampMillis()).isPositive();
  }

  @Test
  void anInsertReportsTheStampThatReadersSee() throws Exception {
    InsertOutcome outcome = insert(transactions, new NewRow(STREAM, "id-1", "body"));

    long stamp = ask(() -> transactions.find("id-1")).orElseThrow().timestampMillis();
    assertThat(outcome)
        .isIn(new InsertOutcome.Inserted(stamp), new InsertOutcome.AlreadyThere(stamp));
    if (answersReliably()) {
      assertThat(outcome).isInstanceOf(InsertOutcome.Inserted.class);
    }
  }

  @Test
  void theSameRowAgainIsAlreadyThereWithItsFirstStamp() throws Exception {
    NewRow row = new NewRow(STREAM, "id-1", "body");
    insert(transactions, row);
    long stamp = ask(() -> transactions.find("id-1")).orElseThrow().timestampMillis();

    assertThat(insert(transactions, row)).isEqualTo(new InsertOutcome.AlreadyThere(stamp));
  }

  @Test
  void otherContentAtATakenIdIsRefusedAndTheFirstStays() throws Exception {
    insert(transactions, new NewRow(STREAM, "id-1", "first"));
    Row first = ask(() -> transactions.find("id-1")).orElseThrow();

    assertThat(insert(transactions, new NewRow(STREAM, "id-1", "second")))
        .isEqualTo(new InsertOutcome.Occupied(first));
    assertThat(insert(transactions, new NewRow("bank-b", "id-1", "first")))
        .isEqualTo(new InsertOutcome.Occupied(first));
    assertThat(ask(() -> transactions.find("id-1"))).contains(first);
  }

  @Test
  void outcomesOfABatchComeInTheOrderOfItsRows() throws Exception {
    insert(transactions, new NewRow(STREAM, "taken", "first"));
    insert(transactions, new NewRow(STREAM, "same", "same"));

    List<InsertOutcome> outcomes =
        insert(
            transactions,
            List.of(
                new NewRow(STREAM, "new-1", "a"),
                new NewRow(STREAM, "taken", "second"),
                new NewRow(STREAM, "same", "same"),
                new NewRow(STREAM, "new-2", "b")));

    assertThat(outcomes.get(0)).isNotInstanceOf(InsertOutcome.Occupied.class);
    assertThat(outcomes.get(1)).isInstanceOf(InsertOutcome.Occupied.class);
    assertThat(outcomes.get(2)).isInstanceOf(InsertOutcome.AlreadyThere.class);
    assertThat(ask(() -> transactions.findAll(List.of("new-1", "new-2")))).hasSize(2);
  }

  @Test
  void twoRowsOfOneBatchUnderOneIdAreOneRow() throws Exception {
    List<InsertOutcome> outcomes =
        insert(
            transactions,
            List.of(
                new NewRow(STREAM, "id-1", "a"),
                new NewRow(STREAM, "id-1", "a"),
                new NewRow(STREAM, "id-1", "b")));

    Row row = ask(() -> transactions.find("id-1")).orElseThrow();
    assertThat(outcomes).doesNotHaveAnyElementsOfTypes(InsertOutcome.Failed.class);
    if (row.body().equals("a")) {
      assertThat(outcomes.get(2)).isEqualTo(new InsertOutcome.Occupied(row));
    } else {
      assertThat(outcomes.get(0)).isEqualTo(new InsertOutcome.Occupied(row));
    }
  }

  @Test
  void anEmptyInsertHasNoOutcomes() throws Exception {
    assertThat(insertOnce(transactions, List.of())).isEmpty();
  }

  @Test
  void idsAreOfOneTableOnly() throws Exception {
    insert(transactions, new NewRow(STREAM, "id-1", "message"));
    insert(store.append(TableName.BANK_KEYS), new NewRow(STREAM, "id-1", "key"));

    assertThat(ask(() -> store.append(TableName.BANK_KEYS).find("id-1")).orElseThrow().body())
        .isEqualTo("key");
    assertThat(ask(() -> transactions.find("id-1")).orElseThrow().body()).isEqualTo("message");
  }

  @Test
  void theLongestIdsStreamsAndBodiesFit() throws Exception {
    NewRow row =
        new NewRow(
            "s".repeat(StoreLimits.MAX_STREAM_LENGTH),
            "i".repeat(StoreLimits.MAX_ID_LENGTH),
            "b".repeat(StoreLimits.MAX_BODY_LENGTH));
    insert(transactions, row);

    assertThat(ask(() -> transactions.find(row.id())).orElseThrow().body()).isEqualTo(row.body());
  }

  @Test
  void moreRowsThanTheLimitAreABug() {
    List<NewRow> tooMany = rows("id-", StoreLimits.MAX_ROWS + 1);

    assertThatThrownBy(() -> transactions.insert(tooMany)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> transactions.readAfter(STREAM, Position.START, StoreLimits.MAX_ROWS + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> transactions.readAfter(STREAM, Position.START, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> transactions.referencesAfter(STREAM, Position.START, StoreLimits.MAX_REFERENCES + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> transactions.findAll(Collections.nCopies(StoreLimits.MAX_ROWS + 1, "id")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTableOfTheOtherKindOrDatabaseIsABug() {
    assertThatThrownBy(() -> store.append(TableName.HEARTBEATS)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.mutable(TableName.TRANSACTIONS)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.append(TableName.BLOCKS)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bank().append(TableName.BANK_KEYS)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyTableOfBothDatabasesWorks() throws Exception {
    Store bank = bank();
    for (TableName name : TableName.values()) {
      Store home = name.shared() ? store : bank;
      if (name.appendOnly()) {
        AppendTable table = home.append(name);
        insert(table, new NewRow(STREAM, "id-1", name.sqlName()));
        assertThat(ask(() -> table.readAfter(STREAM, Position.START, 10)))
            .extracting(Row::body)
            .containsExactly(name.sqlName());
      } else {
        MutableTable table = home.mutable(name);
        Persevering.ask(() -> {
          table.put("id-1", name.sqlName());
          return true;
        });
        assertThat(ask(() -> table.find("id-1")).orElseThrow().body()).isEqualTo(name.sqlName());
      }
    }
  }

  // ---- reading

  @Test
  void aStreamIsReadInOrderOfStampAndId() throws Exception {
    for (int i = 0; i < 5; i++) {
      insert(transactions, rows("batch-" + (9 - i) + "-", 20));
    }

    List<Row> all = readAll(STREAM, 1_000);
    assertThat(all).hasSize(100);
    assertThat(all).extracting(Row::position).isSorted();
  }

  @Test
  void pagesJoinWithoutGapOrDoubleWhereStampsAreEqual() throws Exception {
    insert(transactions, rows("one-batch-one-stamp-", 50));

    for (int pageSize : new int[] {1, 7, 50, 1_000}) {
      assertThat(readAll(STREAM, pageSize)).extracting(Row::id).doesNotHaveDuplicates().hasSize(50);
    }
  }

  @Test
  void referencesAreThoseOfTheRows() throws Exception {
    insert(transactions, rows("id-", 30));

    List<RowRef> references = ask(() -> transactions.referencesAfter(STREAM, Position.START, 10_000));
    assertThat(references)
        .containsExactlyElementsOf(
            readAll(STREAM, 1_000).stream().map(row -> new RowRef(row.id(), row.timestampMillis())).toList());
    RowRef tenth = references.get(9);
    assertThat(ask(() -> transactions.referencesAfter(STREAM, tenth.position(), 5)))
        .containsExactlyElementsOf(references.subList(10, 15));
  }

  @Test
  void aPositionWithoutIdStandsBeforeAllRowsOfItsStamp() throws Exception {
    insert(transactions, new NewRow(STREAM, "id-1", "body"));
    Row row = ask(() -> transactions.find("id-1")).orElseThrow();

    assertThat(ask(() -> transactions.readAfter(STREAM, new Position(row.timestampMillis(), ""), 10)))
        .containsExactly(row);
    assertThat(ask(() -> transactions.readAfter(STREAM, row.position(), 10))).isEmpty();
  }

  @Test
  void streamsAreApart() throws Exception {
    insert(
        transactions,
        List.of(new NewRow("bank-a", "a", "1"), new NewRow("bank-b", "b", "2"), new NewRow("bank-", "c", "3")));

    assertThat(readAll("bank-a", 10)).extracting(Row::id).containsExactly("a");
    assertThat(readAll("bank-b", 10)).extracting(Row::id).containsExactly("b");
    assertThat(readAll("bank-c", 10)).isEmpty();
  }

  @Test
  void aPageOfLargeRowsIsCutButNeverEmptyBeforeTheEnd() throws Exception {
    String large = "x".repeat(StoreLimits.MAX_BODY_LENGTH);
    for (int i = 0; i < 6; i++) {
      insert(transactions, new NewRow(STREAM, "id-" + i, large));
    }

    List<Row> page = ask(() -> transactions.readAfter(STREAM, Position.START, 1_000));
    assertThat(page).isNotEmpty();
    assertThat(page.stream().mapToLong(row -> row.body().length()).sum())
        .isLessThanOrEqualTo(StoreLimits.MAX_PAGE_LENGTH + (long) StoreLimits.MAX_BODY_LENGTH);
    assertThat(readAll(STREAM, 1_000)).hasSize(6);
    assertThat(readAllById("id-")).hasSize(6);
  }

  @Test
  void idsAreReadByPrefixFromAPlaceInIdOrder() throws Exception {
    Store bank = bank();
    AppendTable blocks = bank.append(TableName.BLOCKS);
    List<String> ids = List.of("0:0001:0", "0:0002:0", "0:0002:1", "0:0003:0", "00:0001:0", "1:0001:0", "0-", "0");
    for (String id : ids) {
      insert(blocks, new NewRow("p", id, id));
    }

    assertThat(ask(() -> blocks.readById("0:", "", 100)))
        .extracting(Row::id)
        .containsExactly("0:0001:0", "0:0002:0", "0:0002:1", "0:0003:0");
    assertThat(ask(() -> blocks.readById("0:", "0:0002", 2)))
        .extracting(Row::id)
        .containsExactly("0:0002:0", "0:0002:1");
    assertThat(ask(() -> blocks.readById("0:", "0:0002:1", 100)))
        .extracting(Row::id)
        .containsExactly("0:0002:1", "0:0003:0");
    assertThat(ask(() -> blocks.readById("0:", "1", 100))).isEmpty();
    assertThat(ask(() -> blocks.readById("2", "", 100))).isEmpty();
    assertThat(ask(() -> blocks.readById("", "", 100))).extracting(Row::id).isSorted().hasSize(ids.size());
  }

  @Test
  void findAllReturnsThoseThatExist() throws Exception {
    insert(transactions, rows("id-", 10));

    assertThat(ask(() -> transactions.findAll(List.of("id-00003", "id-00007", "absent"))))
        .extracting(Row::id)
        .containsExactlyInAnyOrder("id-00003", "id-00007");
    assertThat(ask(() -> transactions.findAll(List.of()))).isEmpty();
    assertThat(ask(() -> transactions.find("absent"))).isEmpty();
  }

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
        inParallel(8, writer -> insert(writer % 2 == 0 ? transactions : other, new NewRow(STREAM, "id", "of-" + writer)));

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

    assertThat(ask(() -> again.append(TableName.TRANSACTIONS).readAfter(STREAM, Position.START, 100)))
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
    assertThat(store.overlapMillis() == 0 || store.overlapMillis() > 2 * store.acknowledgementLimitMillis()).isTrue();
  }

  // ---- mutable tables

  @Test
  void aMutableRowCountsItsVersions() {
    MutableTable heartbeats = store.mutable(TableName.HEARTBEATS);
    assertThat(ask(() -> heartbeats.find("node-1"))).isEmpty();

    put(heartbeats, "node-1", "first");
    MutableTable.Versioned first = ask(() -> heartbeats.find("node-1")).orElseThrow();
    put(heartbeats, "node-1", "second");
    MutableTable.Versioned second = ask(() -> heartbeats.find("node-1")).orElseThrow();

    assertThat(first.body()).isEqualTo("first");
    assertThat(first.version()).isPositive();
    assertThat(second.body()).isEqualTo("second");
    assertThat(second.version()).isGreaterThan(first.version());
    assertThat(second.timestampMillis()).isPositive();
  }

  @Test
  void allReturnsThoseWithThePrefix() {
    MutableTable heartbeats = store.mutable(TableName.HEARTBEATS);
    put(heartbeats, "bank-a:1", "x");
    put(heartbeats, "bank-a:2", "y");
    put(heartbeats, "bank-b:1", "z");

    assertThat(ask(() -> heartbeats.all("bank-a:"))).extracting(MutableTable.Versioned::id).containsExactlyInAnyOrder("bank-a:1", "bank-a:2");
    assertThat(ask(() -> heartbeats.all(""))).hasSize(3);
  }

  @Test
  void compareAndSetWritesOnlyOverTheExpectedVersion() {
    MutableTable leases = bank().mutable(TableName.LEASES);
    if (answersReliably()) {
      assertThat(ask(() -> leases.compareAndSet("0", 1, "x"))).isFalse();
      assertThat(ask(() -> leases.compareAndSet("0", 0, "a"))).isTrue();
      assertThat(ask(() -> leases.compareAndSet("0", 0, "b"))).isFalse();
      long version = ask(() -> leases.find("0")).orElseThrow().version();
      assertThat(ask(() -> leases.compareAndSet("0", version, "c"))).isTrue();
      assertThat(ask(() -> leases.compareAndSet("0", version, "d"))).isFalse();
      assertThat(ask(() -> leases.find("0")).orElseThrow().body()).isEqualTo("c");
    }
    assertThat(ask(() -> leases.compareAndSet("1", 7, "x"))).isFalse();
    assertThat(ask(() -> leases.find("1"))).isEmpty();
  }

  @Test
  void ofManyWhoCompareAndSetAtMostOneWinsEachVersion() throws Exception {
    Store one = bank();
    Store two = bank();
    List<Integer> wins =
        inParallel(
            6,
            writer -> {
              MutableTable leases = (writer % 2 == 0 ? one : two).mutable(TableName.LEASES);
              int won = 0;
              for (int i = 0; i < 20; i++) {
                long version = ask(() -> leases.find("0")).map(MutableTable.Versioned::version).orElse(0L);
                String body = writer + ":" + i;
                try {
                  won += leases.compareAndSet("0", version, body) ? 1 : 0;
                } catch (StoreUnavailable e) {
                  // Perhaps written: then the version has moved and nobody else won it.
                }
              }
              return won;
            });

    long version = ask(() -> one.mutable(TableName.LEASES).find("0")).orElseThrow().version();
    int won = wins.stream().mapToInt(Integer::intValue).sum();
    assertThat((long) won).isPositive().isLessThanOrEqualTo(version);
    if (answersReliably()) {
      assertThat((long) won).isEqualTo(version);
    }
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

  // ---- helpers

  /** Rows of {@link #STREAM} with ids {@code prefix00000} and so on. */
  protected static List<NewRow> rows(String prefix, int count) {
    List<NewRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new NewRow(STREAM, "%s%05d".formatted(prefix, i), "body of " + prefix + i));
    }
    return rows;
  }

  private List<Row> readAll(String stream, int pageSize) {
    return readAllAfter(stream, Position.START, pageSize);
  }

  private List<Row> readAllAfter(String stream, Position start, int pageSize) {
    List<Row> all = new ArrayList<>();
    Position after = start;
    while (true) {
      Position from = after;
      List<Row> page = ask(() -> transactions.readAfter(stream, from, pageSize));
      if (page.isEmpty()) {
        return all;
      }
      all.addAll(page);
      after = page.getLast().position();
    }
  }

  private List<Row> readAllById(String prefix) {
    List<Row> all = new ArrayList<>();
    String from = "";
    while (true) {
      String next = from;
      List<Row> page = ask(() -> transactions.readById(prefix, next, 1_000));
      if (page.isEmpty()) {
        return all;
      }
      all.addAll(page);
      from = page.getLast().id() + "-";
    }
  }

  private static void put(MutableTable table, String id, String body) {
    Persevering.ask(
        () -> {
          table.put(id, body);
          return true;
        });
  }

  /** Work that is told its number. */
  private interface Numbered<T> {
    T work(int number) throws Exception;
  }

  private static <T> List<T> inParallel(int threads, Numbered<T> work) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      CountDownLatch ready = new CountDownLatch(threads);
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        futures.add(
            executor.submit(
                () -> {
                  ready.countDown();
                  ready.await();
                  return work.work(number);
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(60, TimeUnit.SECONDS));
      }
      return results;
    }
  }
}
