package org.interseal.bank.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.junit.jupiter.api.Test;

/** Who waits for whom when there is more than can be opened. */
class InboxCreditTest extends InboxFixture {
  @Test
  void junkIsOpenedOnCreditOnlyAndATaggedLetterBehindItIsNotHeldUp() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey device = link("d1");
    StreamFollower.Receiver receiver = inbox.receiver(_ -> false);
    String oneOfMany = "x." + "y".repeat(1_000);
    List<Row> stream = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      stream.add(new Row(US.value(), "row-" + i, oneOfMany + i, i + 1));
    }
    for (int i = 0; i < stream.size(); i += 50) {
      List<Row> page = stream.subList(i, i + 50);
      receiver.add(page, page.getLast().position());
      inbox.consumed(inbox.take(1_000, 0));
    }
    assertThat(opens()).isLessThanOrEqualTo(OpeningCredits.START);
    assertThat(inbox.rowsInFlight()).as("junk is not heaped up").isLessThanOrEqualTo(64 / 4);

    receiver.add(
        List.of(new Row(US.value(), "honest", tagged(query("d1", device, 1)), 30_000)),
        new Position(30_000, "honest"));

    assertThat(inbox.take(1_000, 0))
        .extracting(InboxItem::input)
        .hasOnlyElementsOfType(LedgerInput.FromDevice.class)
        .hasSize(1);
    assertThat(opens()).isLessThanOrEqualTo(OpeningCredits.START + 1);
    assertThat(receiver.leftOutFrom().isPresent() || inbox.parkedRows() > 0).isTrue();
  }

  @Test
  void whatWasLeftOutIsReadAgainAndTheCursorWaitsForIt() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey device = link("d1");
    StreamFollower.Receiver receiver = inbox.receiver(_ -> false);
    List<Row> stream = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      stream.add(new Row(US.value(), "row-" + i, "junk " + i, i + 1));
    }
    // Authentic, but who wrote it had no tag: it comes late, and it comes.
    stream.add(new Row(US.value(), "untagged", query("d1", device, 1), 401));
    for (Row row : stream) {
      receiver.add(List.of(row), row.position());
      inbox.consumed(inbox.take(1_000, 0));
    }
    assertThat(inbox.cursor().timestampMillis()).isLessThan(300);
    assertThat(inbox.oldestWithoutCreditMillis()).as("the first parked").hasValue(257);
    List<LedgerInput> late = new ArrayList<>();
    int next = 0;
    for (int round = 0; round < 200 && inbox.cursor().timestampMillis() < 401; round++) {
      time.advance(100);
      Optional<Position> from = receiver.leftOutFrom();
      if (from.isPresent()) {
        next = next == 0 ? (int) from.get().timestampMillis() : next;
        if (next == stream.size()) {
          receiver.caughtUp();
        } else {
          Row row = stream.get(next++);
          receiver.addAgain(List.of(row), row.position());
        }
      }
      List<InboxItem> items = inbox.take(1_000, 0);
      inbox.consumed(items);
      items.forEach(item -> late.add(item.input()));
      if (round == 0) {
        assertThat(inbox.parkedRows()).isZero();
        assertThat(inbox.oldestWithoutCreditMillis()).as("the first left out").hasValue(273);
      }
      assertThat(inbox.longestWaitMillis()).isZero();
    }
    receiver.caughtUp();
    assertThat(inbox.oldestWithoutCreditMillis()).isEmpty();
    assertThat(late).filteredOn(LedgerInput.FromDevice.class::isInstance).hasSize(1);
    assertThat(inbox.cursor().timestampMillis()).isEqualTo(401);
    assertThat(inbox.parkedRows()).isZero();
  }

  @Test
  void whatWaitedForCreditIsSeenAndDoesNotMakeTheLedgerLookBusy() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    for (int i = 0; i < OpeningCredits.START; i++) {
      add("junk " + i);
      inbox.consumed(inbox.take(1_000, 0));
    }
    inbox.consumed(inbox.take(1_000, 0));
    assertThat(inbox.rowsInFlight()).isZero();
    assertThat(inbox.oldestWithoutCreditMillis()).isEmpty();

    long first = rows + 1L;
    for (int i = 0; i < 3; i++) {
      add(query("d" + i, link("d" + i), 1));
    }
    assertThat(inbox.oldestWithoutCreditMillis()).hasValue(first);
    assertThat(inbox.longestWaitMillis()).isZero();

    time.advance(1_000);
    assertThat(inbox.take(1, 0)).hasSize(1);
    assertThat(inbox.oldestWithoutCreditMillis()).isEmpty();
    assertThat(inbox.longestWaitMillis()).as("two wait, old as they are").isZero();
    add(tagged(query("d4", link("d4"), 1)));
    time.advance(700);
    assertThat(inbox.longestWaitMillis()).isEqualTo(700);
  }

  @Test
  void aWriterWhoTagsJunkSpendsItsOwnCredit() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey device = link("d1");
    taggedBy = Party.server(new BankId("BBBBXX00"), "s1");
    for (int i = 0; i < 600; i++) {
      add(tagged("junk " + i));
      inbox.consumed(inbox.take(1_000, 0));
    }
    double spent = opens();
    assertThat(spent).isLessThanOrEqualTo(OpeningCredits.START);

    taggedBy = Party.gateway(US, "g1");
    add(tagged(query("d1", device, 1)));
    assertThat(inbox.take(1_000, 0)).hasSize(1);
    assertThat(meters.get("interseal.inbox.junk").tag("writer", "server:BBBBXX00:s1").counter())
        .satisfies(counter -> assertThat(counter.count()).isEqualTo(spent));
  }

  @Test
  void aCopyOfWhatWasProvedIsNotOpenedAgain() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    String letter = query("d1", link("d1"), 1);
    add(letter);
    assertThat(takeFor(0)).hasSize(1);
    for (int i = 0; i < 1_000; i++) {
      add(letter);
    }
    assertThat(takeFor(0)).isEmpty();
    assertThat(opens()).isEqualTo(1);
    assertThat(inbox.cursor().timestampMillis()).isPositive();
  }

  @Test
  void aDeviceWithManyMessagesDelaysAnotherByOneTurn() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey busy = link("busy");
    for (int i = 1; i <= 50; i++) {
      add(query("busy", busy, i));
    }
    add(query("quiet", link("quiet"), 1));

    List<InboxItem> first = inbox.take(4, 0);

    assertThat(first)
        .extracting(item -> ((LedgerInput.FromDevice) item.input()).deviceId())
        .containsExactly("busy", "quiet", "busy", "busy");
    assertThat(inbox.take(100, 0))
        .extracting(item -> ((LedgerInput.FromDevice) item.input()).number())
        .startsWith(4L, 5L)
        .hasSize(47);
  }
}
