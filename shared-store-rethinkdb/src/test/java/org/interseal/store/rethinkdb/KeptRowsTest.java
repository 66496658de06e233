package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
  private static final InsertOutcome INSERTED = new InsertOutcome.Inserted(1);

  /** A table that loses rows when told to, and remembers what it was asked. */
  private static final class LosingTable implements KeptRows.Rows {
    final Map<String, NewRow> rows = new HashMap<>();
    final List<List<String>> asked = new ArrayList<>();
    final List<NewRow> inserted = new ArrayList<>();
    final Set<String> unknown = new HashSet<>();
    boolean silent;

    @Override
    public Set<String> standing(List<String> ids) throws StoreUnavailable {
      if (silent) {
        throw new StoreUnavailable("planned");
      }
      assertThat(ids).hasSizeLessThanOrEqualTo(StoreLimits.MAX_ROWS).doesNotHaveDuplicates();
      asked.add(ids);
      Set<String> standing = new HashSet<>(ids);
      standing.retainAll(rows.keySet());
      return standing;
    }

    @Override
    public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> more) {
      inserted.addAll(more);
      return CompletableFuture.completedFuture(more.stream().map(this::insert).toList());
    }

    private InsertOutcome insert(NewRow row) {
      if (unknown.contains(row.id())) {
        return new InsertOutcome.Unknown("planned");
      }
      NewRow before = rows.putIfAbsent(row.id(), row);
      if (before == null) {
        return INSERTED;
      }
      return before.equals(row)
          ? new InsertOutcome.AlreadyThere(1)
          : new InsertOutcome.Occupied(new Row(before.stream(), before.id(), before.body(), 1));
    }
  }

  private final LosingTable table = new LosingTable();
  private long nowNanos = -5;
  private final KeptRows kept = new KeptRows("t", table, KEEP_MILLIS, () -> nowNanos);

  private static NewRow row(String id) {
    return new NewRow("stream", id, "body of " + id);
  }

  private void write(String... ids) {
    List<NewRow> rows = List.of(ids).stream().map(KeptRowsTest::row).toList();
    rows.forEach(row -> table.rows.put(row.id(), row));
    kept.answered(rows, rows.stream().map(_ -> INSERTED).toList());
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
    table.rows.remove("b");
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.rows).containsEntry("b", row("b"));
    table.rows.remove("c");
    lookAfter(KEEP_MILLIS - FIRST_LOOK_MILLIS);
    assertThat(table.inserted).containsExactly(row("b"), row("c"));
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(2, 0, 0));
    table.rows.remove("c");
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
            INSERTED));
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.inserted).containsExactly(row("d"), row("e"));
  }

  @Test
  void aRowWhosePlaceIsTakenBetweenLookAndInsertIsLostAndCounted() throws StoreUnavailable {
    NewRow other = new NewRow("stream", "a", "another body");
    KeptRows overtaken =
        new KeptRows(
            "t",
            new KeptRows.Rows() {
              @Override
              public Set<String> standing(List<String> ids) {
                return Set.of();
              }

              @Override
              public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
                table.rows.put("a", other);
                return table.insert(rows);
              }
            },
            KEEP_MILLIS,
            () -> nowNanos);
    overtaken.answered(List.of(row("a")), List.of(INSERTED));
    nowNanos += TimeUnit.MILLISECONDS.toNanos(FIRST_LOOK_MILLIS);
    overtaken.look();
    assertThat(overtaken.counts()).isEqualTo(new KeptRows.Counts(0, 1, 0));
    assertThat(overtaken.isEmpty()).isTrue();
  }

  @Test
  void nothingIsForgottenWhileTheClusterDoesNotAnswer() throws StoreUnavailable {
    write("a", "b");
    table.rows.remove("a");
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
    table.rows.clear();
    lookAfter(KeptRows.MAX_AGE_FACTOR * KEEP_MILLIS + 1);
    assertThat(table.inserted).isEmpty();
    assertThat(kept.isEmpty()).isTrue();
    assertThat(kept.counts()).isEqualTo(new KeptRows.Counts(0, 0, 2));
  }

  @Test
  void manyRowsAreAskedForInParts() throws StoreUnavailable {
    int many = 2 * StoreLimits.MAX_ROWS + 1;
    write(IntStream.range(0, many).mapToObj(i -> "r" + i).toArray(String[]::new));
    table.rows.remove("r0");
    table.rows.remove("r" + (many - 1));
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.asked).extracting(List::size).containsExactly(1_000, 1_000, 1);
    assertThat(table.rows).hasSize(many);
  }

  @Test
  void pastTheBoundTheOldestAreLetGoThoseFirstThatWereFoundOnce() throws StoreUnavailable {
    write("found");
    lookAfter(FIRST_LOOK_MILLIS);
    write("old");
    String[] fill =
        IntStream.range(0, KeptRows.MAX_ROWS - 1).mapToObj(i -> "r" + i).toArray(String[]::new);
    write(fill);
    assertThat(kept.counts().letGo()).isOne();
    table.rows.remove("found");
    table.rows.remove("old");
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.inserted).containsExactly(row("old"));
  }

  @Test
  void longRowsAreBoundedByTheirLength() throws StoreUnavailable {
    NewRow[] rows =
        IntStream.range(0, 5)
            .mapToObj(i -> new NewRow("s", "l" + i, "x".repeat(StoreLimits.MAX_BODY_LENGTH)))
            .toArray(NewRow[]::new);
    kept.answered(List.of(rows), List.of(rows).stream().map(_ -> INSERTED).toList());
    assertThat(kept.counts().letGo()).isEqualTo(2);
    lookAfter(FIRST_LOOK_MILLIS);
    assertThat(table.inserted).extracting(NewRow::id).containsExactly("l2", "l3", "l4");
  }
}
