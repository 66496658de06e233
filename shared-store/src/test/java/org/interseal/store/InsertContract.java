package org.interseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.store.Persevering.ask;
import static org.interseal.store.Persevering.insert;
import static org.interseal.store.Persevering.insertOnce;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of rows that are inserted. */
abstract class InsertContract extends StoresUnderContract {
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
  void bodiesWithControlCharactersComeBackAsTheyAreAndHalfASurrogatePairIsABug() throws Exception {
    for (String body : List.of("", "a\u0000b\u0001", "\ufeffx", "\uffff", "\ud834\udd1e")) {
      NewRow row = new NewRow(STREAM, "id-" + body.length() + "-" + body.codePoints().sum(), body);
      insert(transactions, row);
      assertThat(ask(() -> transactions.find(row.id())).orElseThrow().body()).isEqualTo(body);
      assertThat(insert(transactions, row)).isInstanceOf(InsertOutcome.AlreadyThere.class);
    }
    for (String broken : List.of("\ud834", "x\ud834x", "\udd1e", "\udd1e\ud834")) {
      assertThatThrownBy(() -> new NewRow(STREAM, "id", broken))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.mutable(TableName.HEARTBEATS).put("id", broken))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void moreRowsThanTheLimitAreABug() {
    List<NewRow> tooMany = rows("id-", StoreLimits.MAX_ROWS + 1);

    assertThatThrownBy(() -> transactions.insert(tooMany))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> transactions.readAfter(STREAM, Position.START, StoreLimits.MAX_ROWS + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> transactions.readAfter(STREAM, Position.START, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            transactions.referencesAfter(STREAM, Position.START, StoreLimits.MAX_REFERENCES + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> transactions.findAll(Collections.nCopies(StoreLimits.MAX_ROWS + 1, "id")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTableOfTheOtherKindOrDatabaseIsABug() {
    assertThatThrownBy(() -> store.append(TableName.HEARTBEATS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.mutable(TableName.TRANSACTIONS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.append(TableName.BLOCKS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bank().append(TableName.BANK_KEYS))
        .isInstanceOf(IllegalArgumentException.class);
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
}
