package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.interseal.bank.inbox.InboxItem;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.Ledger;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.Owed;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.ReferenceMark;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.interseal.store.Position;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

/** Partition 0 reads its siblings. */
class SiblingInputsTest {
  private static final BankId US = new BankId("AAAAXX00");

  private static final Bytes ID = Bytes.of(new byte[16]);

  private static Payment payment() {
    return new Payment(
        "i1",
        "e2e",
        UUID.fromString("00000000-0000-4000-8000-000000000001"),
        new PartyAccount("Ada", Iban.of(US, 1, 1), US),
        new PartyAccount("Bob", Iban.of(US, 0, 1), US),
        new Money(100, new CurrencyCode("CZK")),
        null,
        null,
        null,
        ChargeBearer.SLEV,
        LocalDate.of(2026, 11, 21));
  }

  /** A sibling whose blocks reject transfers of partition 0, which is the shortest thing to say. */
  private static final class Scripted implements SiblingChain {
    final int partition;
    final List<Optional<BlockBody>> blocks = new ArrayList<>();
    boolean readable = true;
    boolean broken;
    int reads;

    Scripted(int partition) {
      this.partition = partition;
    }

    /** A block that sends so many transfers to partition 0, from that number on. */
    void transfers(long from, int count) {
      List<LedgerEvent> events = new ArrayList<>();
      for (long number = from; number < from + count; number++) {
        Transfer transfer = new Transfer(number, ID, payment());
        events.add(
            new LedgerEvent.TransferSent(
                new Peer(US, 0),
                transfer,
                transfer.digest(),
                new ReferenceMark(ID, ID),
                new Owed.Reply("d1", "s1", ID),
                List.of()));
      }
      blocks.add(
          Optional.of(
              new BlockBody(
                  BlockBody.VERSION, 0, 0, Position.START, List.of(), events, List.of(), 0, null)));
    }

    /** A block that answers so many transfers of partition 0, from that number on. */
    void answers(long from, int count) {
      List<LedgerEvent> events = new ArrayList<>();
      for (long number = from; number < from + count; number++) {
        events.add(
            new LedgerEvent.TransferRejected(
                new Peer(US, 0), number, Bytes.sha256(Bytes.utf8("t" + number)), ReasonCode.AC01));
      }
      blocks.add(
          Optional.of(
              new BlockBody(
                  BlockBody.VERSION, 0, 0, Position.START, List.of(), events, List.of(), 0, null)));
    }

    @Override
    public int partition() {
      return partition;
    }

    @Override
    public long height() {
      return blocks.size();
    }

    @Override
    public Optional<BlockBody> block(long height) throws StoreUnavailable {
      reads++;
      if (broken) {
        throw new IllegalStateException("planted");
      }
      if (!readable) {
        throw new StoreUnavailable("away");
      }
      return blocks.get((int) height - 1);
    }

    @Override
    public void onAdvance(Runnable listener) {}
  }

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-21T12:00:00Z"));
  private final Scripted one = new Scripted(1);
  private final Scripted two = new Scripted(2);
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
    state = Ledger.apply(state, new LedgerEvent.SiblingRead(partition, height), 0);
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
    assertThat(news(10)).as("nothing tells yet").isEmpty();
    one.transfers(2, 1);

    List<String> found = List.of();
    for (int i = 0; i < 200 && found.isEmpty(); i++) {
      found = news(10);
    }
    assertThat(found).containsExactly("p01.000000000002/0");
    assertThat(one.reads).as("no more often than it takes").isLessThan(10_000);
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
