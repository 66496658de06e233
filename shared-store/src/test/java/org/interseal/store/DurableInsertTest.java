package org.interseal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.interseal.store.DurableInsert.Limits;
import org.interseal.store.DurableInsert.ReadBy;
import org.interseal.store.DurableInsert.Result;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.Unkindness.Writes;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

class DurableInsertTest {
  private static final Limits LIMITS = new Limits(3, 1_000, 20);
  private static final DurableInsert.Content LETTER =
      attempt -> new NewRow("bank-a", "letter-" + attempt, "letter");

  /** Every pause is as long as it may be, and none as short. */
  private static final RandomGenerator FULL_PAUSES =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return 0;
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  private static final RandomGenerator SHORT_PAUSES = () -> 0;

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
  private final UnkindStore store = UnkindStore.shared(1, time, time, Unkindness.none());
  private final AppendTable table = store.append(TableName.TRANSACTIONS);

  private DurableInsert insert(ReadBy readBy) {
    return new DurableInsert(
        store, TableName.TRANSACTIONS, readBy, LIMITS, time, time::nanoTime, FULL_PAUSES);
  }

  private Result result(ReadBy readBy) {
    CompletableFuture<List<Result>> results = insert(readBy).insert(List.of(LETTER));
    time.advance(30_000);
    assertThat(results).isDone();
    return results.join().getFirst();
  }

  @Test
  void aRowThatIsInsertedIsDurableAtItsFirstAttempt() {
    assertThat(result(ReadBy.CURSOR))
        .isEqualTo(new Result.Durable(time.millis() - 30_000, 0, true));
  }

  @Test
  void aRowThatIsThereAndYoungCounts() throws Exception {
    Persevering.insert(table, LETTER.row(0));
    long stamp = time.millis();
    time.advance(store.overlapMillis() / 2);

    assertThat(result(ReadBy.CURSOR)).isEqualTo(new Result.Durable(stamp, 0, false));
  }

  @Test
  void aRowThatIsThereForLongDoesNotCountForReadersByCursor() throws Exception {
    Persevering.insert(table, LETTER.row(0));
    long stamp = time.millis();
    time.advance(store.overlapMillis() / 2 + 1);

    assertThat(result(ReadBy.ID)).isEqualTo(new Result.Durable(stamp, 0, false));
    assertThat(result(ReadBy.CURSOR))
        .isInstanceOfSatisfying(
            Result.Durable.class, durable -> assertThat(durable.attempt()).isEqualTo(1));
  }

  /** The store reads its clock, and its answer takes long. */
  private static final class LateClock extends DelegatingStore {
    private final VirtualTime time;
    private final long answerMillis;
    private int asked;

    LateClock(Store store, VirtualTime time, long answerMillis) {
      super(store);
      this.time = time;
      this.answerMillis = answerMillis;
    }

    @Override
    public long nowMillis() throws StoreUnavailable {
      asked++;
      long read = super.nowMillis();
      time.advance(answerMillis);
      return read;
    }
  }

  @Test
  void aSlowClockIsAskedOnceForAllRowsThatWereThere() throws Exception {
    List<DurableInsert.Content> letters = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String id = "letter-" + i;
      letters.add(attempt -> new NewRow("bank-a", id + "-" + attempt, id));
      Persevering.insert(table, letters.getLast().row(0));
    }
    LateClock late = new LateClock(store, time, 1);
    CompletableFuture<List<Result>> results =
        new DurableInsert(
                late,
                TableName.TRANSACTIONS,
                ReadBy.CURSOR,
                Limits.DEFAULT,
                time,
                time::nanoTime,
                FULL_PAUSES)
            .insert(letters);
    time.advance(30_000);

    assertThat(results.join()).hasSize(100).allMatch(Result.Durable.class::isInstance);
    assertThat(late.asked).isOne();
  }

  @Test
  void aRowThatAgedWhileTheStoreSaidWhatTimeItIsDoesNotCount() throws Exception {
    Persevering.insert(table, LETTER.row(0));
    CompletableFuture<List<Result>> results =
        new DurableInsert(
                new LateClock(store, time, store.overlapMillis() / 2 + 1),
                TableName.TRANSACTIONS,
                ReadBy.CURSOR,
                Limits.DEFAULT,
                time,
                time::nanoTime,
                FULL_PAUSES)
            .insert(List.of(LETTER));
    time.advance(30_000);

    assertThat(results.join().getFirst())
        .isInstanceOfSatisfying(
            Result.Durable.class, durable -> assertThat(durable.attempt()).isEqualTo(1));
  }

  @Test
  void aTakenIdIsLeftToItsOwner() throws Exception {
    Persevering.insert(table, new NewRow("bank-a", "letter-0", "squatter"));

    assertThat(result(ReadBy.CURSOR))
        .isInstanceOfSatisfying(
            Result.Durable.class,
            durable -> {
              assertThat(durable.attempt()).isEqualTo(1);
              assertThat(durable.first()).isTrue();
            });
    assertThat(table.find("letter-0").orElseThrow().body()).isEqualTo("squatter");
  }

  @Test
  void afterSoManyAttemptsItGivesUp() throws Exception {
    for (int attempt = 0; attempt < LIMITS.maxAttempts(); attempt++) {
      Persevering.insert(table, new NewRow("bank-a", "letter-" + attempt, "squatter"));
    }

    assertThat(result(ReadBy.CURSOR)).isInstanceOf(Result.GaveUp.class);
  }

  @Test
  void anUnknownOutcomeIsFollowedByTheSameBytes() throws Exception {
    store.become(Unkindness.none().withWrites(new Writes(1, 0, 0, 0, 0, 0)));
    CompletableFuture<List<Result>> results = insert(ReadBy.CURSOR).insert(List.of(LETTER));
    long stamp = time.millis();
    time.advance(LIMITS.retryDelayMillis() - 1);
    assertThat(results).isNotDone();
    store.become(Unkindness.none());
    time.advance(2);

    assertThat(results.join()).containsExactly(new Result.Durable(stamp, 0, false));
    assertThat(table.find("letter-1")).isEmpty();
  }

  @Test
  void anUnknownOutcomeThatNeverEndsIsGivenUpInTime() throws Exception {
    store.become(Unkindness.none().withWrites(new Writes(0, 1, 0, 0, 0, 0)));
    CompletableFuture<List<Result>> results = insert(ReadBy.CURSOR).insert(List.of(LETTER));
    time.advance(2 * LIMITS.maxMillis());

    assertThat(results).isDone();
    assertThat(results.join().getFirst()).isInstanceOf(Result.GaveUp.class);
  }

  @Test
  void pausesBetweenTriesOfTheSameBytesGrowToABound() {
    assertThat(pauses(FULL_PAUSES)).startsWith(20L, 40L, 80L, 160L, 320L, 640L, 1_000L, 1_000L);
    assertThat(pauses(SHORT_PAUSES)).startsWith(10L, 20L, 40L, 80L, 160L, 320L, 500L, 500L);
  }

  /** While every outcome is unknown. */
  private List<Long> pauses(RandomGenerator random) {
    List<Long> pauses = new ArrayList<>();
    Scheduler noting =
        (delayMillis, task) -> {
          pauses.add(delayMillis);
          time.after(delayMillis, task);
        };
    store.become(Unkindness.none().withWrites(new Writes(0, 1, 0, 0, 0, 0)));
    CompletableFuture<List<Result>> results =
        new DurableInsert(
                store,
                TableName.TRANSACTIONS,
                ReadBy.CURSOR,
                Limits.DEFAULT,
                noting,
                time::nanoTime,
                random)
            .insert(List.of(LETTER));
    time.advance(2 * Limits.DEFAULT.maxMillis());
    assertThat(results.join().getFirst()).isInstanceOf(Result.GaveUp.class);
    return pauses;
  }

  @Test
  void aLateAcknowledgementIsFollowedByTheNextAttempt() throws Exception {
    store.become(Unkindness.none().withWrites(new Writes(0, 0, 0, 0, 0, 1)));
    CompletableFuture<List<Result>> results =
        new DurableInsert(
                store,
                TableName.TRANSACTIONS,
                ReadBy.CURSOR,
                Limits.DEFAULT,
                time,
                time::nanoTime,
                FULL_PAUSES)
            .insert(List.of(LETTER));
    store.become(Unkindness.none());
    time.advance(30_000);

    assertThat(results.join().getFirst())
        .isInstanceOfSatisfying(
            Result.Durable.class, durable -> assertThat(durable.attempt()).isEqualTo(1));
    assertThat(table.find("letter-0")).isPresent();
    assertThat(table.find("letter-1")).isPresent();
  }

  @Test
  void aLateAcknowledgementIsGoodEnoughForReadersById() throws Exception {
    store.become(Unkindness.none().withWrites(new Writes(0, 0, 0, 0, 0, 1)));

    assertThat(result(ReadBy.ID))
        .isInstanceOfSatisfying(
            Result.Durable.class, durable -> assertThat(durable.attempt()).isZero());
  }

  @Test
  void resultsComeInTheOrderOfTheContentsForAnyNumberOfThem() throws Exception {
    Persevering.insert(table, new NewRow("bank-a", "content-7-0", "squatter"));
    List<DurableInsert.Content> contents =
        java.util.stream.IntStream.range(0, 2_500)
            .mapToObj(i ->
                (DurableInsert.Content)
                    attempt -> new NewRow("bank-a", "content-" + i + "-" + attempt, "content " + i))
            .toList();
    CompletableFuture<List<Result>> results = insert(ReadBy.CURSOR).insert(contents);
    time.advance(1_000);

    assertThat(results.join()).hasSize(2_500).hasOnlyElementsOfType(Result.Durable.class);
    assertThat(((Result.Durable) results.join().get(7)).attempt()).isEqualTo(1);
    assertThat(((Result.Durable) results.join().get(2_499)).attempt()).isZero();
    assertThat(insert(ReadBy.CURSOR).insert(List.of()).join()).isEmpty();
  }
}
