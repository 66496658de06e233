package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.inbox.InboxItem;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.Ledger;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.Peer;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.store.Position;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

/** Partition 0 reads its siblings. */
class SiblingInputsTest {
  private static final BankId US = new BankId("AAAAXX00");

  /** A sibling whose blocks reject transfers of partition 0, which is the shortest thing to say. */
  private static final class Scripted implements SiblingChain {
    final int partition;
    final List<Optional<BlockBody>> blocks = new ArrayList<>();
    boolean readable = true;
    int reads;

    Scripted(int partition) {
      this.partition = partition;
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
}
