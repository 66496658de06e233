package org.interseal.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.Unkindness.Wakes;
import org.interseal.store.memory.Unkindness.Writes;
import org.junit.jupiter.api.Test;

/** The unkind store is really unkind: each thing that it may do, it does. */
class UnkindStoreTest {
  private static final String STREAM = "bank-a";
  private static final Unkindness ONLY_SLOW =
      Unkindness.harsh().withWrites(Writes.KIND).withReadsFail(0);

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));

  private UnkindStore store(Unkindness unkindness) {
    return UnkindStore.shared(7, time, time, unkindness);
  }

  private static AppendTable transactions(UnkindStore store) {
    return store.append(TableName.TRANSACTIONS);
  }

  private static List<NewRow> rows(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new NewRow(STREAM, prefix + i, "body " + i))
        .toList();
  }

  @Test
  void rowsBecomeVisibleBehindOthersAndWithEqualStamps() throws Exception {
    UnkindStore store = store(ONLY_SLOW);
    List<Row> inOrderOfAppearance = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      var _ = transactions(store).insert(rows("batch-" + i + "-", 3));
      for (int millis = 0; millis < 40; millis++) {
        time.advance(1);
        for (Row row : transactions(store).readAfter(STREAM, Position.START, 1_000)) {
          if (!inOrderOfAppearance.contains(row)) {
            inOrderOfAppearance.add(row);
          }
        }
      }
    }

    long passed = 0;
    long mostBehind = 0;
    for (Row row : inOrderOfAppearance) {
      mostBehind = Math.max(mostBehind, passed - row.timestampMillis());
      passed = Math.max(passed, row.timestampMillis());
    }
    assertThat(mostBehind).isPositive().isLessThanOrEqualTo(store.overlapMillis());
    assertThat(inOrderOfAppearance.stream().map(Row::timestampMillis).distinct().count())
        .isLessThan(inOrderOfAppearance.size() / 2);
  }

  @Test
  void unknownOutcomesHappenedDidNotOrHappenLater() throws Exception {
    UnkindStore store = store(ONLY_SLOW.withWrites(new Writes(0.2, 0.2, 0.2, 0, 0, 0)));
    Map<String, Integer> kinds = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      String id = "id-" + i;
      CompletableFuture<List<InsertOutcome>> insert =
          transactions(store).insert(List.of(new NewRow(STREAM, id, "body")));
      while (!insert.isDone()) {
        time.advance(1);
      }
      boolean there = transactions(store).find(id).isPresent();
      time.advance(60_000);
      boolean thereLater = transactions(store).find(id).isPresent();
      kinds.merge(
          insert.join().getFirst().getClass().getSimpleName() + there + thereLater,
          1,
          Integer::sum);
    }

    assertThat(kinds)
        .containsOnlyKeys(
            "Insertedtruetrue", "Unknowntruetrue", "Unknownfalsefalse", "Unknownfalsetrue");
  }

  @Test
  void idsAreTakenReadsFailAndRowsAreRefused() {
    UnkindStore store =
        store(Unkindness.none().withWrites(new Writes(0, 0, 0, 0.3, 0.3, 0)).withReadsFail(0.5));
    List<InsertOutcome> outcomes = transactions(store).insert(rows("id-", 100)).join();
    int failures = 0;
    for (int i = 0; i < 100; i++) {
      try {
        Optional<Row> unused = transactions(store).find("id-0");
        assertThat(unused).isNotNull();
      } catch (StoreUnavailable e) {
        failures++;
      }
    }

    assertThat(outcomes)
        .hasAtLeastOneElementOfType(InsertOutcome.Occupied.class)
        .hasAtLeastOneElementOfType(InsertOutcome.Failed.class)
        .hasAtLeastOneElementOfType(InsertOutcome.Inserted.class);
    assertThat(failures).isBetween(20, 80);
  }

  @Test
  void lateRowsAreAcknowledgedPastTheLimit() {
    UnkindStore store = store(Unkindness.none().withWrites(new Writes(0, 0, 0, 0, 0, 1)));
    CompletableFuture<List<InsertOutcome>> insert = transactions(store).insert(rows("id-", 1));
    time.advance(store.acknowledgementLimitMillis());
    assertThat(insert).isNotDone();
    time.advance(60_000);
    assertThat(insert).isDone();
  }

  @Test
  void feedsAreDoubleSilentMuteOrOver() {
    assertThat(wakes(Wakes.KIND)).containsExactly(100, 0);
    assertThat(wakes(new Wakes(1, 0, 0, 0))).containsExactly(200, 0);
    assertThat(wakes(new Wakes(0, 1, 0, 0))).containsExactly(0, 0);
    assertThat(wakes(new Wakes(0, 0, 1, 0))).containsExactly(0, 1);
    assertThat(wakes(new Wakes(0, 0, 0, 1))).containsExactly(0, 0);
  }

  private List<Integer> wakes(Wakes kind) {
    UnkindStore store = store(Unkindness.none().withWakes(kind));
    AtomicInteger woken = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    var _ = transactions(store).follow(STREAM, woken::incrementAndGet, ended::incrementAndGet);
    var _ = transactions(store).insert(rows("id-", 100));
    time.advance(10_000);
    return List.of(woken.get(), ended.get());
  }

  @Test
  void followersAreWokenForRowsThatNeverCame() throws Exception {
    UnkindStore store = store(Unkindness.none().withWrites(new Writes(0, 1, 0, 0, 0, 0)));
    AtomicInteger woken = new AtomicInteger();
    var _ = transactions(store).follow(STREAM, woken::incrementAndGet, () -> {});
    var _ = transactions(store).insert(rows("id-", 1));
    time.advance(1_000);

    assertThat(woken).hasValue(1);
    assertThat(transactions(store).find("id-0")).isEmpty();
  }

  @Test
  void feedsCanBeEndedAndMutedAtWill() {
    UnkindStore store = store(Unkindness.none());
    AtomicInteger woken = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    var _ = transactions(store).follow(STREAM, woken::incrementAndGet, ended::incrementAndGet);
    store.muteFeeds();
    var _ = transactions(store).insert(rows("id-", 1));
    time.advance(1_000);
    assertThat(woken).hasValue(0);
    store.endFeeds();
    assertThat(ended).hasValue(1);
  }

  @Test
  void aSeedRepeatsItsRun() throws Exception {
    assertThat(history(1)).isEqualTo(history(1)).isNotEqualTo(history(2));
  }

  private static List<String> history(long seed) throws Exception {
    VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
    UnkindStore store = UnkindStore.shared(seed, time, time, Unkindness.harsh().withReadsFail(0));
    List<String> history = new ArrayList<>();
    var _ =
        transactions(store).follow(STREAM, () -> history.add("woken"), () -> history.add("ended"));
    for (int i = 0; i < 30; i++) {
      var _ =
          transactions(store)
              .insert(rows("batch-" + i + "-", 3))
              .thenAccept(o -> history.add(o.toString()));
      time.advance(50);
      history.add(transactions(store).readAfter(STREAM, Position.START, 1_000).toString());
    }
    return history;
  }
}
