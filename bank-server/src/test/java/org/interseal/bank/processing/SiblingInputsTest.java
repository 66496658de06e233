package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.interseal.bank.inbox.InboxItem;
import org.interseal.bank.ledger.Ledger;
import org.interseal.bank.ledger.LedgerAccount;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.Owed;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.Posting;
import org.interseal.bank.ledger.ReferenceMark;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

/** Partition 0 reads its siblings. */
class SiblingInputsTest {
  private static final BankId US = ScriptedSibling.US;
  private static final Bytes ID = ScriptedSibling.ID;

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-21T12:00:00Z"));
  private final ScriptedSibling one = new ScriptedSibling(1);
  private final ScriptedSibling two = new ScriptedSibling(2);
  private final SiblingInputs inputs = new SiblingInputs(US, 0, List.of(one, two), time);
  private LedgerState state = Ledger.empty(US, 0);

  private List<String> news(int room) {
    return inputs.news(state, room).stream()
        .map(InboxItem::input)
        .map(LedgerInput::reference)
        .toList();
  }

  /** As if a block had consumed it. */
  private void consumed(int partition, long height) {
    apply(new LedgerEvent.SiblingRead(partition, height));
  }

  /** Until it is found, or for long enough. */
  private List<String> search() {
    List<String> found = List.of();
    for (int i = 0; i < 300 && found.isEmpty(); i++) {
      found = news(10);
    }
    return found;
  }

  /** As if this partition had sent its next transfer to partition 1. */
  private void send(long number, Bytes digest) {
    Iban debtor = Iban.of(US, 0, 1);
    CurrencyCode currency = new CurrencyCode("CZK");
    LedgerAccount payer = new LedgerAccount.Customer(debtor);
    if (number == 1) {
      apply(new LedgerEvent.AccountOpened("b", "t", 1, "Ada", debtor, currency));
      apply(
          new LedgerEvent.CashBooked(
              "b",
              "t",
              debtor,
              new Money(1_000, currency),
              true,
              "cash",
              mark("cash"),
              new Money(1_000, currency),
              List.of(
                  new Posting(payer, currency, 1_000, 1_000L, 0L),
                  new Posting(new LedgerAccount.Cash("b"), currency, -1_000, null, null))));
    }
    Payment payment =
        new Payment(
            "out" + number,
            "e2e",
            new UUID(0x4000, Long.MIN_VALUE | number),
            new PartyAccount("Ada", debtor, US),
            new PartyAccount("Bob", Iban.of(US, 1, 1), US),
            new Money(100, currency),
            null,
            null,
            null,
            ChargeBearer.SLEV,
            LocalDate.of(2026, 11, 21));
    apply(
        new LedgerEvent.TransferSent(
            new Peer(US, 1),
            new Transfer(number, ID, payment),
            digest,
            mark("out" + number),
            new Owed.Reply("d1", "s1", ID),
            List.of(
                new Posting(payer, currency, -100, 1_000 - 100 * number, 1L),
                new Posting(new LedgerAccount.InFlightTo(1), currency, 100, null, null))));
  }

  private static ReferenceMark mark(String text) {
    Bytes hash = Bytes.sha256(Bytes.utf8(text));
    return new ReferenceMark(Bytes.of(Arrays.copyOf(hash.toArray(), 16)), ID);
  }

  /** As if a writer of this partition gone mad had marked it. */
  private void contradicted(long number) {
    apply(
        new LedgerEvent.ContradictionKept(
            new Peer(US, 1), "other-digest-reported", number, "planted"));
  }

  private void apply(LedgerEvent event) {
    state = Ledger.apply(state, event, 0);
  }

  @Test
  void whatIsNotConsumedIsToldAgain() {
    one.blocks.add(Optional.empty());
    one.answers(1, 1);

    assertThat(news(10)).containsExactly("p01.000000000002/0");
    assertThat(news(10)).containsExactly("p01.000000000002/0");
    consumed(1, 2);
    assertThat(news(10)).isEmpty();
    assertThat(one.reads).as("each block is read once").isEqualTo(2);
  }

  @Test
  void anotherWritersProgressIsTakenOver() {
    one.answers(1, 1);
    one.answers(2, 1);
    consumed(1, 1);

    assertThat(news(10)).containsExactly("p01.000000000002/0");
  }

  @Test
  void aChainThatCannotBeReadHoldsNobodyElseUpAndIsNotAskedAllTheTime() {
    one.answers(1, 1);
    two.answers(1, 1);
    one.readable = false;

    assertThat(news(10)).containsExactly("p02.000000000001/0");
    assertThat(news(10)).hasSize(1);
    assertThat(one.reads).isEqualTo(1);

    one.readable = true;
    time.advance(1_000);
    assertThat(news(10)).containsExactlyInAnyOrder("p01.000000000001/0", "p02.000000000001/0");
  }

  @Test
  void aBlockThatNobodyUnderstandsHoldsNobodyElseUp() {
    one.blocks.add(Optional.empty());
    one.answers(1, 1);
    two.answers(1, 1);
    one.broken = true;

    assertThat(news(10)).containsExactly("p02.000000000001/0");
    assertThat(news(10)).hasSize(1);
    assertThat(one.reads).isEqualTo(1);
    one.broken = false;
    time.advance(60_000);
    assertThat(news(10)).containsExactlyInAnyOrder("p01.000000000002/0", "p02.000000000001/0");
  }

  @Test
  void eachSiblingGetsItsTurnWhenThereIsLittleRoom() {
    one.answers(1, 1);
    two.answers(1, 1);

    assertThat(List.of(news(1).getFirst(), news(1).getFirst()))
        .containsExactlyInAnyOrder("p01.000000000001/0", "p02.000000000001/0");
  }

  @Test
  void blocksThatSayNothingAreNotedOnceThereAreMany() {
    for (int i = 0; i < SiblingInputs.PASSED_BLOCKS - 1; i++) {
      one.blocks.add(Optional.empty());
    }
    for (int i = 0; i < 20; i++) {
      assertThat(news(10)).isEmpty();
    }
    one.blocks.add(Optional.empty());

    assertThat(inputs.news(state, 10))
        .extracting(InboxItem::input)
        .containsExactly(
            new LedgerInput.SiblingPassed(
                "p01.000000001000/passed", 1, SiblingInputs.PASSED_BLOCKS));
  }

  @Test
  void aCursorBeyondTheEndIsNotBelievedForLong() {
    one.transfers(1, 1);
    consumed(1, 1_000_000_000_000L);

    assertThat(news(10)).as("perhaps we are late").isEmpty();
    time.advance(SiblingInputs.MAX_LATE_MILLIS - 1);
    assertThat(news(10)).isEmpty();
    time.advance(1);
    assertThat(news(10)).containsExactly("p01.000000000001/0");
    assertThat(news(10)).containsExactly("p01.000000000001/0");
  }

  @Test
  void aTransferThatTheCursorWasMovedPastIsFound() {
    one.blocks.add(Optional.empty());
    one.transfers(1, 1);
    for (int i = 0; i < 3_000; i++) {
      one.blocks.add(Optional.empty());
    }
    consumed(1, 3_002);
    one.transfers(2, 1);

    assertThat(search()).containsExactly("p01.000000000002/0");
    assertThat(one.reads).as("no more often than it takes").isLessThan(10_000);
  }

  @Test
  void aSiblingThatIsStillRestoredIsNotReadFromItsStart() {
    one.current = false;
    consumed(1, 5_000);
    assertThat(news(10)).isEmpty();
    time.advance(10 * SiblingInputs.MAX_LATE_MILLIS);
    assertThat(news(10)).isEmpty();

    one.silence(4_000);
    time.advance(10 * SiblingInputs.MAX_LATE_MILLIS);
    assertThat(news(10)).as("it still rises").isEmpty();
    one.silence(1_000);
    one.current = true;
    assertThat(news(10)).isEmpty();
    assertThat(one.reads).as("all of it is consumed").isZero();

    one.transfers(1, 1);
    assertThat(news(10)).containsExactly("p01.000000005001/0");
    assertThat(one.reads).isEqualTo(1);
  }

  @Test
  void aSiblingThatIsFollowedLateIsBelievedAgainWhenItsChainIsThere() {
    one.silence(10);
    consumed(1, 5_000);
    assertThat(news(10)).isEmpty();
    time.advance(SiblingInputs.MAX_LATE_MILLIS);
    assertThat(news(10)).isEmpty();
    assertThat(one.reads).isEqualTo(10);

    one.silence(4_990);
    one.transfers(1, 1);
    assertThat(news(10)).containsExactly("p01.000000005001/0");
    assertThat(one.reads).isEqualTo(11);
  }

  @Test
  void theWayBackToAnOldBlockIsGoneInParts() {
    one.transfers(1, 1);
    one.silence(9);
    one.near = 1_000_000;
    two.answers(1, 1);

    assertThat(news(10)).containsExactly("p02.000000000001/0");
    assertThat(one.approaches).as("one part of the way for each time").isEqualTo(1);
    assertThat(one.reads).isZero();
    one.near = 2;
    assertThat(news(10)).contains("p01.000000000001/0");
  }

  @Test
  void aStoreThatAnswersSlowlyDoesNotKeepTheWriterFromItsOtherWork() {
    one.silence(50);
    one.onRead = () -> time.advance(SiblingInputs.MAX_READING_MILLIS / 2);
    two.answers(1, 1);

    assertThat(news(10)).isEmpty();
    assertThat(one.reads).isEqualTo(2);
    assertThat(news(10)).as("the other one's turn").containsExactly("p02.000000000001/0");
  }

  @Test
  void aGapThatShowsLongAfterItIsFoundToo() {
    one.transfers(1, 1);
    one.silence(3_000);
    consumed(1, 2_200);
    one.transfers(2, 1);

    assertThat(search()).containsExactly("p01.000000000001/0");
    assertThat(one.reads).as("no more often than it takes").isLessThan(8_000);
  }

  @Test
  void theLastTransferThatTheCursorWasMovedPastIsFound() {
    one.transfers(1, 1);
    one.silence(3_000);
    consumed(1, 3_001);

    assertThat(search()).containsExactly("p01.000000000001/0");
    assertThat(one.reads).isLessThan(8_000);
  }

  @Test
  void theLastAnswerThatTheCursorWasMovedPastIsFound() {
    send(1, ScriptedSibling.digest(1));
    one.answers(1, 1);
    one.silence(3_000);
    consumed(1, 3_001);

    assertThat(search()).containsExactly("p01.000000000001/0");
  }

  @Test
  void whatIsNotAnsweredYetIsNotLookedFor() {
    send(1, ScriptedSibling.digest(1));
    one.silence(100);
    consumed(1, 100);

    assertThat(search()).isEmpty();
    assertThat(one.reads).isZero();
  }

  @Test
  void anHonestAnswerCountsWhateverWasMarkedBefore() {
    send(1, ScriptedSibling.digest(1));
    send(2, ScriptedSibling.digest(2));
    one.answers(1, 1);
    one.answers(2, 1);
    contradicted(1);
    contradicted(2);

    assertThat(news(10)).containsExactly("p01.000000000001/0", "p01.000000000002/0");
    consumed(1, 2);
    assertThat(search())
        .as("also when the cursor was moved past it")
        .containsExactly("p01.000000000001/0", "p01.000000000002/0");
  }

  @Test
  void anAnswerToOtherContentIsLookedForOnce() {
    send(1, ScriptedSibling.digest(9));
    one.answers(1, 1);
    contradicted(1);
    consumed(1, 1);

    for (int i = 0; i < 10; i++) {
      assertThat(news(10)).isEmpty();
      time.advance(60_000);
    }
    assertThat(one.reads).isLessThan(5);
  }

  @Test
  void whatIsMissingForGoodIsLookedForAgainAndAgain() {
    one.transfers(2, 1);

    for (int i = 0; i < 50; i++) {
      int before = one.reads;
      assertThat(news(10)).isEmpty();
      assertThat(news(10)).isEmpty();
      assertThat(one.reads).as("round " + i).isGreaterThan(before);
      time.advance(60_000);
    }
  }

  @Test
  void whatIsMissingForGoodHoldsThatSiblingAlone() {
    one.transfers(2, 1);
    two.answers(1, 1);

    for (int i = 0; i < 10; i++) {
      assertThat(news(10)).containsExactly("p02.000000000001/0");
    }
    assertThat(one.reads).isLessThan(10);
  }

  @Test
  void aSiblingWhoseWordCannotBeDecidedWaits() {
    one.answers(1, 1);
    two.answers(1, 1);
    LedgerInput input = inputs.news(state, 1).getFirst().input();

    assertThat(inputs.hold(input)).isTrue();
    assertThat(news(10)).hasSize(1).doesNotContain(input.reference());
    time.advance(60_000);
    assertThat(news(10)).hasSize(2);
    assertThat(inputs.hold(new LedgerInput.TermsSet("terms/x", state.terms()))).isFalse();
  }
}
