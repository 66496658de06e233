package org.interseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.store.Persevering.ask;
import static org.interseal.store.Persevering.insert;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read of what was inserted. */
abstract class ReadContract extends InsertContract {
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

    List<RowRef> references =
        ask(() -> transactions.referencesAfter(STREAM, Position.START, 10_000));
    assertThat(references)
        .containsExactlyElementsOf(
            readAll(STREAM, 1_000).stream()
                .map(row -> new RowRef(row.id(), row.timestampMillis()))
                .toList());
    RowRef tenth = references.get(9);
    assertThat(ask(() -> transactions.referencesAfter(STREAM, tenth.position(), 5)))
        .containsExactlyElementsOf(references.subList(10, 15));
  }

  /** Other than of rows: a short page of references says that there are no more. */
  @Test
  void aPageOfReferencesIsFullHoweverLargeTheRows() throws Exception {
    String large = "x".repeat(StoreLimits.MAX_BODY_LENGTH);
    int count = StoreLimits.MAX_PAGE_LENGTH / StoreLimits.MAX_BODY_LENGTH + 2;
    for (int i = 0; i < count; i++) {
      insert(transactions, new NewRow(STREAM, "large-" + i, large));
    }

    assertThat(ask(() -> transactions.readAfter(STREAM, Position.START, count)))
        .hasSizeLessThan(count);
    assertThat(ask(() -> transactions.referencesAfter(STREAM, Position.START, count - 1)))
        .hasSize(count - 1);
  }

  @Test
  void aPositionWithoutIdStandsBeforeAllRowsOfItsStamp() throws Exception {
    insert(transactions, new NewRow(STREAM, "id-1", "body"));
    Row row = ask(() -> transactions.find("id-1")).orElseThrow();

    assertThat(
            ask(() -> transactions.readAfter(STREAM, new Position(row.timestampMillis(), ""), 10)))
        .containsExactly(row);
    assertThat(ask(() -> transactions.readAfter(STREAM, row.position(), 10))).isEmpty();
  }

  @Test
  void streamsAreApart() throws Exception {
    insert(
        transactions,
        List.of(
            new NewRow("bank-a", "a", "1"),
            new NewRow("bank-b", "b", "2"),
            new NewRow("bank-", "c", "3")));

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
    List<String> ids =
        List.of("0:0001:0", "0:0002:0", "0:0002:1", "0:0003:0", "00:0001:0", "1:0001:0", "0-", "0");
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
    assertThat(ask(() -> blocks.readById("", "", 100)))
        .extracting(Row::id)
        .isSorted()
        .hasSize(ids.size());
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
}
