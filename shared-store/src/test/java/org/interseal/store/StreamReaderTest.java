package org.interseal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.interseal.crypto.Bytes;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamReaderTest {
  private static final String STREAM = "bank-a";
  private static final int SEEDS = 300;

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));

  private static NewRow row(String content, int attempt) {
    return new NewRow(
        STREAM, Bytes.sha256(Bytes.utf8(content + ":" + attempt)).toBase64Url(), content);
  }

  private UnkindStore store(Unkindness unkindness) {
    return UnkindStore.shared(1, time, time, unkindness);
  }

  // ---- the two guarantees together, over seeds

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void everyDurableContentIsReturnedAndNoRowTwice(int kind) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run =
          new Run(
              seed,
              List.of(Unkindness.none(), Unkindness.rethinkLike(), Unkindness.harsh()).get(kind));
      run.run(false);
      run.requireNoRowTwice();
      run.requireAllContents();
    }
  }

  /** One seeded run of writers and a reader that restarts now and then. */
  private static final class Run {
    private static final int STEPS = 60;
    private static final int MAX_QUIET_POLLS = 5;
    private static final int MAX_SWEEP_STEPS = 50;

    private final int seed;
    private final SplittableRandom random;
    private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
    private final UnkindStore store;
    private final DurableInsert inserts;
    private final List<CompletableFuture<List<DurableInsert.Result>>> writes = new ArrayList<>();
    private final List<List<String>> contents = new ArrayList<>();
    private final Map<String, Integer> returned = new HashMap<>();
    private final Set<String> bodies = new HashSet<>();
    private StreamReader reader;

    Run(int seed, Unkindness unkindness) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      this.store = UnkindStore.shared(seed, time, time, unkindness);
      this.inserts =
          new DurableInsert(
              store,
              TableName.TRANSACTIONS,
              DurableInsert.ReadBy.CURSOR,
              new DurableInsert.Limits(30, 600_000, 20),
              time,
              time::nanoTime,
              new SplittableRandom(seed));
      this.reader = read(Position.START);
    }

    private StreamReader read(Position start) {
      return new StreamReader(store, store.append(TableName.TRANSACTIONS), STREAM, start);
    }

    void run(boolean restarts) {
      for (int step = 0; step < STEPS; step++) {
        write();
        time.advance(random.nextLong(200));
        if (random.nextInt(3) == 0) {
          poll();
        }
        if (restarts && random.nextInt(10) == 0) {
          reader = read(reader.cursor());
        }
      }
      time.advance(60_000);
      for (int quiet = 0; quiet < MAX_QUIET_POLLS; quiet = poll() ? 0 : quiet + 1) {
        time.advance(10);
      }
    }

    private void write() {
      List<String> batch = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        batch.add("content-" + writes.size() + "-" + i);
      }
      contents.add(batch);
      writes.add(
          inserts.insert(batch.stream().map(c -> (DurableInsert.Content) a -> row(c, a)).toList()));
    }

    private boolean poll() {
      int maxRows = 1 + random.nextInt(20);
      List<Row> rows = Persevering.ask(() -> reader.poll(maxRows));
      assertThat(rows).as("seed %s", seed).extracting(Row::position).isSorted();
      for (Row row : rows) {
        returned.merge(row.id(), 1, Integer::sum);
        bodies.add(row.body());
      }
      return !rows.isEmpty();
    }

    /** Each reader looked back in its own time; here the last one is given enough. */
    void sweep() {
      for (int i = 0; i < MAX_SWEEP_STEPS; i++) {
        List<Row> late = Persevering.ask(() -> reader.sweep(0, StoreLimits.MAX_REFERENCES));
        late.forEach(row -> returned.merge(row.id(), 1, Integer::sum));
      }
    }

    /**
     * Also those that no writer holds for durable. Of the stretch that is not over the sweep knows
     * nothing yet.
     */
    void requireAllRows() {
      long swept = (reader.cursor().timestampMillis() - store.overlapMillis()) / 10_000 * 10_000;
      List<RowRef> all =
          Persevering.ask(() ->
              store
                  .append(TableName.TRANSACTIONS)
                  .referencesAfter(STREAM, Position.START, StoreLimits.MAX_REFERENCES));
      assertThat(returned.keySet())
          .as("seed %s", seed)
          .containsAll(
              all.stream().filter(row -> row.timestampMillis() < swept).map(RowRef::id).toList());
    }

    void requireNoRowTwice() {
      assertThat(returned.values()).as("seed %s: times a row was returned", seed).containsOnly(1);
    }

    void requireAllContents() {
      for (int i = 0; i < writes.size(); i++) {
        assertThat(writes.get(i).join())
            .as("seed %s", seed)
            .hasOnlyElementsOfType(DurableInsert.Result.Durable.class);
        assertThat(bodies).as("seed %s", seed).containsAll(contents.get(i));
      }
    }
  }

  @Test
  void aReaderRestoredAtACursorMissesNothing() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = new Run(seed, Unkindness.harsh());
      run.run(true);
      run.requireAllContents();
    }
  }

  @Test
  void readersRestoredAtCursorsReturnWhateverStandsInTheStream() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = new Run(seed, Unkindness.harsh());
      run.run(true);
      run.sweep();
      run.requireAllRows();
    }
  }

  // ---- one by one

  @Test
  void aRowBehindWhatWasPassedButInsideTheOverlapIsReturned() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    table.put("b", 10_000);
    assertThat(table.poll(10)).extracting(Row::id).containsExactly("b");
    assertThat(table.poll(10)).isEmpty();
    table.put("late", 10_000 - store.overlapMillis());
    table.put("too-late", 10_000 - store.overlapMillis() - 1);

    assertThat(table.poll(10)).extracting(Row::id).containsExactly("late");
    assertThat(table.poll(10)).isEmpty();
  }

  @Test
  void theCursorWaitsForWhatAShortPageLeftBehind() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    table.put("z", 10_000);
    assertThat(table.poll(10)).hasSize(1);
    assertThat(table.poll(10)).isEmpty();
    for (int i = 0; i < 5; i++) {
      table.put("late-" + i, 9_500);
    }
    table.put("zz", 20_000);

    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      Position cursor = table.cursor();
      table.poll(1).forEach(row -> seen.add(row.id()));
      if (seen.size() < 6) {
        assertThat(cursor.timestampMillis() - store.overlapMillis()).isLessThanOrEqualTo(9_500);
      }
    }
    assertThat(seen).hasSize(6);
  }

  @Test
  void whatIsRememberedIsBoundedWhileThereIsAlwaysMoreAhead() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    table.reader = new StreamReader(store, table, STREAM, Position.START, id -> false, 50);
    List<String> returned = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      table.put("id-%04d".formatted(i), 100_000 + i / 100);
      if (i % 10 == 9) {
        table.reader.pollForward(10).forEach(row -> returned.add(row.id()));
        assertThat(table.reader.seenCount()).isLessThanOrEqualTo(50);
      }
    }
    table.put("id-0999-late", 100_009);

    returned.addAll(table.pollAll());
    assertThat(returned).hasSize(1_001).doesNotHaveDuplicates().endsWith("id-0999-late");
    assertThat(table.cursor()).isEqualTo(new Position(100_009, "id-0999-late"));
  }

  @Test
  void aPollOfAStreamAtRestIsOneQueryAndMissesNothing() throws Exception {
    StampedTable table = new StampedTable(store(Unkindness.none()));
    table.putMany();
    table.pollAll();
    int before = table.queries;
    assertThat(table.reader.pollAtRest(10)).isEmpty();
    assertThat(table.reader.pollAtRest(10)).isEmpty();
    assertThat(table.queries).isEqualTo(before + 2);

    table.put("late", 259_800);
    assertThat(table.reader.pollAtRest(10)).extracting(Row::id).containsExactly("late");
    assertThat(table.pollAll()).isEmpty();
    table.put("ahead", 270_000);
    assertThat(table.reader.pollAtRest(10)).extracting(Row::id).containsExactly("ahead");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, StoreLimits.MAX_REFERENCES})
  void aLateRowBehindAFullPageOfReferencesIsReturned(int more) throws Exception {
    StampedTable table = new StampedTable(store(Unkindness.none()));
    int count = StoreLimits.MAX_REFERENCES + more;
    for (int i = 1; i < count; i++) {
      table.put("id-%05d".formatted(i), 100_000);
    }
    table.put("the-last", 100_000);
    assertThat(table.pollAll()).hasSize(count);
    table.put("late", 100_000);
    assertThat(table.reader.pollAtRest(10)).extracting(Row::id).containsExactly("late");
    table.put("ahead", 100_000 + 1);
    assertThat(table.reader.pollAtRest(10)).extracting(Row::id).containsExactly("ahead");
  }

  @Test
  void theSweepFindsExactlyWhatWasNeverReturned() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    for (int i = 0; i < 500; i++) {
      table.put("id-%03d".formatted(i), 100_000 + i * 200L);
    }
    table.pollAll();
    table.put("missed-1", 110_000);
    table.put("missed-2", 110_001);
    table.put("missed-3", 150_000);
    assertThat(table.pollAll()).isEmpty();

    assertThat(table.sweepAll(0, 37)).containsExactlyInAnyOrder("missed-1", "missed-2", "missed-3");
    assertThat(table.sweepAll(0, 37)).isEmpty();
  }

  @Test
  void theSweepLeavesAloneWhatIsOlderOrStillInTheOverlap() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    table.put("now", 200_000);
    table.pollAll();
    table.put("old", 50_000);
    table.put("wanted", 120_000);

    assertThat(table.sweepAll(100_000, 10)).containsExactly("wanted");
    assertThat(table.sweepAll(0, 10)).containsExactly("old");
  }

  @Test
  void theSweepReadsNoMoreReferencesThanItMay() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    for (int i = 0; i < 100; i++) {
      table.put("id-" + i, 100_000 + i);
    }
    table.put("now", 200_000);
    table.pollAll();
    table.largestReferencePage = 0;
    table.sweepAll(0, 9);

    assertThat(table.largestReferencePage).isEqualTo(9);
  }

  // ---- from a cursor on

  @Test
  void theSweepOfAReaderThatStartsAtACursorFindsWhatNobodyReturned() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    table.putMany();
    table.pollAll();
    table.put("lost-long-ago", 110_000);
    table.put("lost", 195_000);
    table.restart(id -> id.startsWith("id-"));
    table.rowsFetched = 0;

    assertThat(table.pollAll()).isEmpty();
    assertThat(table.sweepAll(0, 37)).containsExactly("lost", "lost-long-ago");
    assertThat(table.rowsFetched).as("known rows are not read").isEqualTo(2);
    assertThat(table.sweepAll(0, 37)).isEmpty();
  }

  @Test
  void withoutKnowledgeEveryRowBeforeTheCursorIsReturnedOnceMore() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    table.putMany();
    table.pollAll();
    table.put("lost", 110_000);
    table.restart(id -> false);

    List<String> again = table.pollAll();
    again.addAll(table.sweepAll(0, 37));
    assertThat(again).hasSize(502).doesNotHaveDuplicates().contains("lost");
    table.put("late", 111_000);
    assertThat(table.sweepAll(0, 37)).containsExactly("late");
  }

  // ---- clocks

  @Test
  void aStampThatNoClockCanHaveGivenYetHidesNoOtherRow() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    long now = time.millis();
    table.put("a", now);
    table.put("forged", now + store.overlapMillis() + 5_000);

    assertThat(table.pollAll()).containsExactly("a");
    time.advance(1_000);
    table.put("b", now + 1_000);
    assertThat(table.pollAll()).containsExactly("b");
    time.advance(4_000);
    assertThat(table.pollAll()).containsExactly("forged");
  }

  @Test
  void theCursorNeverPassesTheStoresClock() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    long now = time.millis();
    table.put("ahead", now + store.overlapMillis());
    assertThat(table.pollAll()).containsExactly("ahead");
    assertThat(table.cursor()).isLessThanOrEqualTo(new Position(now, ""));

    table.put("late", now - store.overlapMillis());
    assertThat(table.pollAll()).containsExactly("late");
    table.restart(id -> false);
    assertThat(table.pollAll()).containsExactly("late", "ahead");
  }

  @Test
  void aCursorAheadOfTheStoresClockMissesNothingThatComes() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    long now = time.millis();
    table.restart(new Position(now + 86_400_000, "x"), id -> false);
    assertThat(table.pollAll()).isEmpty();
    table.put("new", now);

    assertThat(table.pollAll()).containsExactly("new");
    assertThat(table.cursor()).isLessThanOrEqualTo(new Position(now, "new"));
  }

  @Test
  void aSweepByAClockFarAheadDoesNothingAndForgetsNothing() throws Exception {
    UnkindStore store = store(Unkindness.none());
    StampedTable table = new StampedTable(store);
    table.putMany();
    table.pollAll();
    table.put("missed", 110_000);

    assertThat(table.sweepAll(1_000_000, 100)).isEmpty();
    assertThat(table.sweepAll(0, 100)).containsExactly("missed");
  }

  /** A table whose rows have the stamps that a test gives them. */
  private static final class StampedTable extends FixedTable {
    private final Store store;
    private StreamReader reader;
    private int largestReferencePage;
    private int rowsFetched;
    private int queries;

    StampedTable(Store store) {
      this.store = store;
      this.reader = new StreamReader(store, this, STREAM, Position.START);
    }

    /** Another reader goes on where this one has come to. */
    void restart(Predicate<String> known) {
      restart(reader.cursor(), known);
    }

    void restart(Position start, Predicate<String> known) {
      reader = new StreamReader(store, this, STREAM, start, known);
    }

    /** Every 200 ms from 100 s on, and one a good while after. */
    void putMany() {
      for (int i = 0; i < 500; i++) {
        put("id-%03d".formatted(i), 100_000 + i * 200L);
      }
      put("id-last", 260_000);
    }

    void put(String id, long stamp) {
      add(new Row(STREAM, id, "body", stamp));
    }

    List<Row> poll(int maxRows) throws StoreUnavailable {
      return reader.poll(maxRows);
    }

    Position cursor() {
      return reader.cursor();
    }

    List<String> pollAll() throws StoreUnavailable {
      List<String> all = new ArrayList<>();
      for (List<Row> page = poll(100); !page.isEmpty(); page = poll(100)) {
        page.forEach(row -> all.add(row.id()));
      }
      return all;
    }

    List<String> sweepAll(long oldestMillis, int maxReferences) throws StoreUnavailable {
      List<String> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        reader.sweep(oldestMillis, maxReferences).forEach(row -> all.add(row.id()));
      }
      return all;
    }

    @Override
    public List<Row> findAll(List<String> ids) {
      rowsFetched += ids.size();
      return super.findAll(ids);
    }

    @Override
    public List<Row> readAfter(String stream, Position after, int maxRows) {
      queries++;
      return super.readAfter(stream, after, maxRows);
    }

    @Override
    public List<RowRef> referencesAfter(String stream, Position after, int maxRows) {
      queries++;
      List<RowRef> page = super.referencesAfter(stream, after, maxRows);
      largestReferencePage = Math.max(largestReferencePage, page.size());
      return page;
    }
  }
}
