package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Row;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.junit.jupiter.api.Test;

class KeptRowsTest {
  private static final long KEEP_MILLIS = 20_000;
  private static final long FIRST_LOOK_MILLIS = KEEP_MILLIS / KeptRows.FIRST_LOOK_PART;
  private static final long MAX_LENGTH = 16L * 1024 * 1024;

  /** A table that loses rows when told to, and remembers what it was asked. */
  private final class LosingTable implements KeptRows.Rows {
    final Map<String, NewRow> rows = new HashMap<>();
    final Map<String, Long> stamps = new HashMap<>();
    final List<List<String>> asked = new ArrayList<>();
    final List<NewRow> inserted = new ArrayList<>();
    final Set<String> unknown = new HashSet<>();
    boolean silent;
    boolean takesEffect;
    long answerMillis;
    private long stamp;

    @Override
    public Map<String, Long> stamps(List<String> ids) throws StoreUnavailable {
      if (silent) {
        throw new StoreUnavailable("planned");
      }
      assertThat(ids).hasSizeLessThanOrEqualTo(StoreLimits.MAX_ROWS).doesNotHaveDuplicates();
      asked.add(ids);
      nowNanos += TimeUnit.MILLISECONDS.toNanos(answerMillis);
      return ids.stream()
          .filter(stamps::containsKey)
          .collect(Collectors.toMap(id -> id, stamps::get));
    }

    InsertOutcome put(NewRow row) {
      rows.put(row.id(), row);
      stamps.put(row.id(), ++stamp);
      return new InsertOutcome.Inserted(stamp);
    }

    void lose(String... ids) {
      List.of(ids)
          .forEach(id -> {
            rows.remove(id);
            stamps.remove(id);
          });
    }

    @Override
    public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> more) {
      inserted.addAll(more);
      return CompletableFuture.completedFuture(more.stream().map(this::insert).toList());
    }

    private InsertOutcome insert(NewRow row) {
      if (unknown.contains(row.id())) {
        if (takesEffect) {
          var _ = put(row);
        }
        return new InsertOutcome.Unknown("planned");
      }
      NewRow before = rows.get(row.id());
      if (before == null) {
        return put(row);
      }
      long at = Objects.requireNonNull(stamps.get(row.id()));
      return before.equals(row)
          ? new InsertOutcome.AlreadyThere(at)
          : new InsertOutcome.Occupied(new Row(before.stream(), before.id(), before.body(), at));
    }
  }

  private final LosingTable table = new LosingTable();
  private long nowNanos = -5;
  private final KeptRows kept = new KeptRows("t", table, KEEP_MILLIS, MAX_LENGTH, () -> nowNanos);

  private static NewRow row(String id) {
    return new NewRow("stream", id, "body of " + id);
  }

  private void write(String... ids) {
    List<NewRow> rows = List.of(ids).stream().map(KeptRowsTest::row).toList();
    kept.answered(rows, rows.stream().map(table::put).toList());
  }

  private void lookAfter(long millis) throws StoreUnavailable {
    nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    kept.look();
  }

  @Test
  void aRowIsLookedForTwiceAndThenForgotten() throws StoreUnavailable {
    write("a", "b");
    lookAfter(FIRST_LOOK_MILLIS - 1);
    assertThat(table.asked).isEmpty();
    lookAfter(1);
    lookAfter(0);
    assertThat(table.asked).containsExactly(List.of("a", "b"));
    assertThat(kept.isEmpty()).isFalse();
    lookAfter(KEEP_MILLIS - FIRST_LOOK_MILLIS - 1);
    assertThat(table.asked).hasSize(1);
    lookAfter(1);
    lookAfter(KEEP_MILLIS);
    assertThat(table.asked).containsExactly(List.of("a", "b"), List.of("a", "b"));
    assertThat(kept.isEmpty()).isTrue();
    assertThat(table.inserted).isEmpty();
    assertThat(kept.counts()).isEqualTo(KeptRows.Counts.NONE);
  }

  @Test
  void whatIsGoneIsPutBackAtEitherLookAndKeptAnew() throws StoreUnavailable {
    write("a", "b", "c");
    table.lose("b");
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.rows).containsEntry("b", row("b"));
    table.lose("c");
    lookAfter(KEEP_MILLIS - FIRST_LOOK_MILLIS);
    assertThat(table.inserted).containsExactly(row("b"), row("c"));
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(2, 0, 0));
    table.lose("c");
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.rows).containsEntry("c", row("c"));
    assertThat(kept.isEmpty()).isFalse();
  }

  @Test
  void onlyWhatStandsIsKept() throws StoreUnavailable {
    List<NewRow> rows = List.of(row("a"), row("b"), row("c"), row("d"), row("e"));
    kept.answered(
        rows,
        List.of(
            new InsertOutcome.Unknown("planned"),
            new InsertOutcome.Failed("planned"),
            new InsertOutcome.Occupied(new Row("stream", "c", "other", 1)),
            new InsertOutcome.AlreadyThere(1),
            new InsertOutcome.Inserted(1)));
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.inserted).containsExactly(row("d"), row("e"));
  }

  @Test
  void aRowWhoseIdAnotherHasIsLost() throws StoreUnavailable {
    write("a", "b", "c");
    lookAfter(FIRST_LOOK_MILLIS);
    NewRow other = new NewRow("stream", "a", "another body");
    table.lose("a");
    var _ = table.put(other);
    lookAfter(KEEP_MILLIS);
    assertThat(table.rows).containsEntry("a", other);
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(0, 1, 0));
    assertThat(kept.isEmpty()).isTrue();
  }

  @Test
  void whatSomebodyElsePutBackIsKeptOn() throws StoreUnavailable {
    write("a");
    table.lose("a");
    var _ = table.put(row("a"));
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(kept.counts()).isEqualTo(KeptRows.Counts.NONE);
    assertThat(kept.isEmpty()).isFalse();
    lookAfter(KEEP_MILLIS - FIRST_LOOK_MILLIS);
    assertThat(kept.isEmpty()).isTrue();
    assertThat(table.inserted).as("asked whose it is, once").containsExactly(row("a"));
  }

  @Test
  void whatWasPutBackWithoutAnAnswerCountsAndIsKeptAnew() throws StoreUnavailable {
    write("a");
    lookAfter(FIRST_LOOK_MILLIS);
    table.lose("a");
    table.unknown.add("a");
    table.takesEffect = true;
    lookAfter(KEEP_MILLIS - FIRST_LOOK_MILLIS);
    assertThat(kept.counts()).isEqualTo(KeptRows.Counts.NONE);
    table.unknown.clear();
    lookAfter(1);
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(1, 0, 0));
    assertThat(kept.isEmpty()).isFalse();
    lookAfter(KEEP_MILLIS);
    assertThat(kept.isEmpty()).as("looked for once more, late").isFalse();
    lookAfter(0);
    assertThat(kept.isEmpty()).isTrue();
  }

  @Test
  void whatIsKnownToBeGoneAndCannotBePutBackIsLost() throws StoreUnavailable {
    write("a", "b");
    table.lose("a");
    table.unknown.add("a");
    lookAfter(FIRST_LOOK_MILLIS);
    kept.giveUp();
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(0, 1, 0));
    assertThat(kept.isEmpty()).isTrue();
    write("c");
    table.lose("c");
    table.unknown.add("c");
    lookAfter(FIRST_LOOK_MILLIS);
    lookAfter(KeptRows.MAX_AGE_FACTOR * KEEP_MILLIS);
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(0, 2, 0));
  }

  @Test
  void theLastLookIsForAllRows() throws StoreUnavailable {
    write("a", "b");
    table.lose("b");
    kept.lookForAll();
    assertThat(table.rows).containsKey("b");
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(1, 0, 0));
  }

  @Test
  void whoIsToldTwiceOfARowKeepsItOnce() throws StoreUnavailable {
    write("a");
    kept.answered(List.of(row("a")), List.of(new InsertOutcome.AlreadyThere(1)));
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.asked).containsExactly(List.of("a"));
  }

  @Test
  void nothingIsForgottenWhileTheClusterDoesNotAnswer() throws StoreUnavailable {
    write("a", "b");
    table.lose("a");
    table.silent = true;
    assertThatThrownBy(() -> lookAfter(FIRST_LOOK_MILLIS)).isInstanceOf(StoreUnavailable.class);
    assertThat(kept.isEmpty()).isFalse();
    table.silent = false;
    table.unknown.add("a");
    lookAfter(0);
    assertThat(kept.counts()).isEqualTo(KeptRows.Counts.NONE);
    table.unknown.clear();
    lookAfter(0);
    assertThat(table.asked).containsExactly(List.of("a", "b"), List.of("a"));
    assertThat(table.inserted).containsExactly(row("a"), row("a"));
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(1, 0, 0));
    assertThat(table.rows).containsKeys("a", "b");
  }

  @Test
  void whoWasStoppedForLongPutsNothingBack() throws StoreUnavailable {
    write("a");
    lookAfter(FIRST_LOOK_MILLIS);
    write("b");
    table.lose("a", "b");
    lookAfter(KeptRows.MAX_AGE_FACTOR * KEEP_MILLIS + 1);
    assertThat(table.inserted).isEmpty();
    assertThat(kept.isEmpty()).isTrue();
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(0, 0, 2));
  }

  @Test
  void nothingIsPutBackAfterAnAnswerThatTookTooLong() throws StoreUnavailable {
    write("a", "b");
    table.lose("a");
    table.answerMillis = KeptRows.MAX_AGE_FACTOR * KEEP_MILLIS;
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.inserted).isEmpty();
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(0, 1, 0));
  }

  @Test
  void manyRowsAreAskedForInParts() throws StoreUnavailable {
    int many = 2 * StoreLimits.MAX_ROWS + 1;
    write(IntStream.range(0, many).mapToObj(i -> "r" + i).toArray(String[]::new));
    table.lose("r0");
    table.lose("r" + (many - 1));
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.asked).extracting(List::size).containsExactly(1_000, 1_000, 1);
    assertThat(table.rows).hasSize(many);
  }

  @Test
  void pastTheBoundThoseAreLetGoThatWouldBeLookedForLast() throws StoreUnavailable {
    write("found");
    lookAfter(FIRST_LOOK_MILLIS);
    write("old");
    write(IntStream.range(0, KeptRows.MAX_ROWS - 1).mapToObj(i -> "r" + i).toArray(String[]::new));
    assertThat(kept.counts().letGo()).isOne();
    table.lose("found", "old");
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.inserted).containsExactly(row("old"));
  }

  @Test
  void longRowsAreBoundedByTheirLength() throws StoreUnavailable {
    List<NewRow> rows =
        IntStream.range(0, 5)
            .mapToObj(i -> new NewRow("s", "l" + i, "x".repeat(StoreLimits.MAX_BODY_LENGTH)))
            .toList();
    kept.answered(
        rows, rows.stream().<InsertOutcome>map(_ -> new InsertOutcome.Inserted(1)).toList());
    assertThat(kept.counts().letGo()).isEqualTo(2);
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.inserted).hasSize(3);
  }
}
