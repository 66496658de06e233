package org.interseal.bank.processing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.inbox.InboxItem;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.SiblingMail;
import org.interseal.identity.BankId;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the bank's other partitions say to this one out of their chains. For the ledger thread
 * of one writing session.
 *
 * <p>How far each chain is consumed is part of the ledger's state; what lies beyond is worked out
 * from that state each time it is asked for, so nothing is handed over twice or passed over,
 * whatever became of the block that it was meant for.
 */
final class SiblingInputs {
  /** Blocks without a word for us are noted once there are so many: a restart reads them again. */
  static final long PASSED_BLOCKS = 1_000;

  /**
   * Inputs that are kept ready, per sibling; a block may bring {@link BlockBody#MAX_ITEMS} more.
   */
  private static final int MAX_READY = 1_000;

  private static final int MAX_BLOCKS_PER_ROUND = 64;
  private static final long RETRY_MILLIS = 1_000;
  private static final Logger log = LoggerFactory.getLogger(SiblingInputs.class);

  private record Mail(long height, List<LedgerInput> inputs) {}

  private final BankId bank;
  private final int partition;
  private final List<Reading> readings;
  private final RunningTime time;
  private int first;

  SiblingInputs(BankId bank, int partition, List<SiblingChain> siblings, RunningTime time) {
    this.bank = bank;
    this.partition = partition;
    this.time = time;
    this.readings = siblings.stream().map(Reading::new).toList();
  }

  /** What the state does not know yet, at most {@code room} inputs; each sibling gets its turn. */
  List<InboxItem> news(LedgerState state, int room) {
    List<InboxItem> items = new ArrayList<>();
    for (int i = 0; i < readings.size() && items.size() < room; i++) {
      readings.get((first + i) % readings.size()).addTo(items, state, room);
    }
    first = readings.isEmpty() ? 0 : (first + 1) % readings.size();
    return items;
  }

  private final class Reading {
    private final SiblingChain chain;
    private final Peer peer;
    private final Deque<Mail> ready = new ArrayDeque<>();
    private int readyInputs;
    private long readHeight;
    private long resumeNanos = time.nanoTime();

    Reading(SiblingChain chain) {
      this.chain = chain;
      this.peer = new Peer(bank, chain.partition());
    }

    void addTo(List<InboxItem> items, LedgerState state, int room) {
      long consumed = state.siblingHeight(peer.partition());
      while (!ready.isEmpty() && ready.getFirst().height() <= consumed) {
        readyInputs -= ready.removeFirst().inputs().size();
      }
      readHeight = Math.max(readHeight, consumed);
      readOn();
      for (Mail mail : ready) {
        for (LedgerInput input : mail.inputs()) {
          if (items.size() == room) {
            return;
          }
          if (isOpen(input, state)) {
            items.add(InboxItem.internal(input));
          }
        }
      }
      if (ready.isEmpty() && readHeight - consumed >= PASSED_BLOCKS) {
        items.add(
            InboxItem.internal(
                new LedgerInput.SiblingPassed(
                    "p%02d.%012d/passed".formatted(peer.partition(), readHeight),
                    peer.partition(),
                    readHeight)));
      }
    }

    /** A block may have had room for a part of what another one says. */
    private boolean isOpen(LedgerInput input, LedgerState state) {
      return switch (input) {
        case LedgerInput.SiblingTransfer in ->
            in.endsHeight() != null || in.transfer().number() >= state.floor(peer);
        case LedgerInput.SiblingAnswer in ->
            in.endsHeight() != null || state.outstanding(peer, in.report().number()).isPresent();
        default -> true;
      };
    }

    /** Others do not wait for a chain that cannot be read now. */
    private void readOn() {
      if (time.nanoTime() - resumeNanos < 0) {
        return;
      }
      try {
        for (int blocks = 0;
            blocks < MAX_BLOCKS_PER_ROUND && readyInputs < MAX_READY && readHeight < chain.height();
            blocks++) {
          Optional<BlockBody> body = chain.block(readHeight + 1);
          body.ifPresent(this::take);
          readHeight++;
        }
      } catch (StoreUnavailable e) {
        log.warn(
            "the chain of partition {} cannot be read from block {} on, trying again: {}",
            peer.partition(),
            readHeight + 1,
            e.getMessage());
        resumeNanos = time.nanoTime() + RETRY_MILLIS * 1_000_000;
      }
    }

    private void take(BlockBody body) {
      List<LedgerInput> inputs =
          SiblingMail.in(bank, peer.partition(), readHeight + 1, body, partition);
      if (!inputs.isEmpty()) {
        ready.addLast(new Mail(readHeight + 1, inputs));
        readyInputs += inputs.size();
      }
    }
  }
}
