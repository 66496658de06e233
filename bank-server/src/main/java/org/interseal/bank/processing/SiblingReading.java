package org.interseal.bank.processing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.interseal.bank.inbox.InboxItem;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.SiblingMail;
import org.interseal.identity.BankId;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far one sibling's chain is read, for {@link SiblingInputs}. For the ledger thread. */
final class SiblingReading {
  /** Inputs that are kept ready; a block may bring {@link BlockBody#MAX_ITEMS} more. */
  private static final int MAX_READY = 1_000;

  private static final int MAX_BLOCKS_PER_ROUND = 64;

  /** Reads of the store in one round on the way back to a block that lies far back. */
  private static final int MAX_APPROACH_READS = 128;

  private static final long RETRY_MILLIS = 1_000;

  /** How far it is read again at first, when something was passed over; then four times as far. */
  private static final long FIRST_REWIND_BLOCKS = 1_024;

  private static final int REWIND_FACTOR = 4;
  private static final Logger log = LoggerFactory.getLogger(SiblingReading.class);

  private record Mail(long height, List<LedgerInput> inputs) {}

  private final BankId bank;
  private final int reader;
  private final SiblingChain chain;
  private final RunningTime time;
  private final Peer peer;
  private final Deque<Mail> ready = new ArrayDeque<>();
  private int readyInputs;
  private long readHeight;
  private long resumeNanos;
  private long heldUntilNanos;

  /**
   * The state's cursor was moved past something that is not consumed, which a server gone mad can
   * do: it is not gone by, until that was found. Numbers tell what is consumed.
   */
  private boolean astray;

  /** The cursor beyond the chain's end is all that tells so: perhaps the chain is followed late. */
  private boolean aheadAlone;

  private boolean readFromStart;
  private long rewindBlocks = FIRST_REWIND_BLOCKS;
  private OptionalLong aheadSinceNanos = OptionalLong.empty();

  /** The whole chain has no answer to marked transfers below this number, but the marked ones. */
  private long soughtBelow;

  SiblingReading(BankId bank, int reader, SiblingChain chain, RunningTime time) {
    this.bank = bank;
    this.reader = reader;
    this.chain = chain;
    this.time = time;
    this.peer = new Peer(bank, chain.partition());
    this.resumeNanos = time.nanoTime();
    this.heldUntilNanos = time.nanoTime();
  }

  int partition() {
    return peer.partition();
  }

  void pause(long millis) {
    heldUntilNanos = time.nanoTime() + millis * 1_000_000;
  }

  /**
   * @param readUntilNanos no other block is read then
   */
  void addTo(List<InboxItem> items, LedgerState state, int room, long readUntilNanos) {
    if (time.nanoTime() - heldUntilNanos < 0) {
      return;
    }
    long consumed = state.siblingHeight(peer.partition());
    if (isAhead(consumed)) {
      log.warn(
          "the cursor {} lies beyond block {} of partition {}, the last that is known here: this"
              + " server follows it late, or a certified server of the bank has moved the cursor",
          consumed,
          chain.height(),
          peer.partition());
      rewind();
      aheadAlone = true;
    }
    if (!astray) {
      readHeight = Math.max(readHeight, consumed);
    }
    while (!ready.isEmpty() && isConsumed(ready.getFirst(), state, consumed)) {
      readyInputs -= ready.removeFirst().inputs().size();
    }
    if (aheadAlone && ready.isEmpty() && consumed <= chain.height()) {
      // It was late. Had something been passed over, numbers would tell.
      believe();
      readHeight = Math.max(readHeight, consumed);
    }
    readOn(readUntilNanos);
    if (isPassedOver(state)) {
      rewindFor("something was passed over");
      return;
    }
    offer(items, state, room);
    if (ready.isEmpty() && !isMissingAtEnd(state, consumed)) {
      notePassed(items, consumed);
    }
  }

  private void notePassed(List<InboxItem> items, long consumed) {
    if (!astray && readHeight - consumed >= SiblingInputs.PASSED_BLOCKS) {
      items.add(
          InboxItem.internal(
              new LedgerInput.SiblingPassed(
                  "p%02d.%012d/passed".formatted(peer.partition(), readHeight),
                  peer.partition(),
                  readHeight)));
    }
  }

  private void offer(List<InboxItem> items, LedgerState state, int room) {
    for (Mail mail : ready) {
      for (LedgerInput input : mail.inputs()) {
        if (items.size() == room) {
          return;
        }
        if (isOpen(input, state) || (!astray && ends(input))) {
          items.add(InboxItem.internal(input));
        }
      }
    }
  }

  private boolean isConsumed(Mail mail, LedgerState state, long consumed) {
    return astray
        ? mail.inputs().stream().noneMatch(input -> isOpen(input, state))
        : mail.height() <= consumed;
  }

  /** The last of a block moves the cursor, whether or not it is known. */
  private static boolean ends(LedgerInput input) {
    return switch (input) {
      case LedgerInput.SiblingTransfer in -> in.endsHeight() != null;
      case LedgerInput.SiblingAnswer in -> in.endsHeight() != null;
      default -> false;
    };
  }

  /**
   * A block may have had room for a part of what another one says. A mark stops no answer to what
   * was sent: any server of the bank can set one.
   */
  private boolean isOpen(LedgerInput input, LedgerState state) {
    return switch (input) {
      case LedgerInput.SiblingTransfer in -> in.transfer().number() >= state.floor(peer);
      case LedgerInput.SiblingAnswer in ->
          state
              .outstanding(peer, in.report().number())
              .filter(t -> !t.contradicted() || t.digest().equals(in.report().transferDigest()))
              .isPresent();
      default -> true;
    };
  }

  /** While a chain is restored, a cursor beyond what is known of it says nothing. */
  private boolean isAhead(long consumed) {
    if (astray || consumed <= chain.height() || !chain.isCurrent()) {
      aheadSinceNanos = OptionalLong.empty();
      return false;
    }
    if (aheadSinceNanos.isEmpty()) {
      aheadSinceNanos = OptionalLong.of(time.nanoTime());
    }
    return time.millisSince(aheadSinceNanos.getAsLong()) >= SiblingInputs.MAX_LATE_MILLIS;
  }

  /**
   * Whether the first open transfer, or the first answer, is not the next one. Both chains take and
   * answer a pair's transfers in order of number.
   */
  private boolean isPassedOver(LedgerState state) {
    OptionalLong transfer = OptionalLong.empty();
    OptionalLong answer = OptionalLong.empty();
    for (Mail mail : ready) {
      for (LedgerInput input : mail.inputs()) {
        if (transfer.isEmpty()
            && input instanceof LedgerInput.SiblingTransfer in
            && isOpen(in, state)) {
          transfer = OptionalLong.of(in.transfer().number());
        }
        if (answer.isEmpty()
            && input instanceof LedgerInput.SiblingAnswer in
            && isOpen(in, state)) {
          answer = OptionalLong.of(in.report().number());
        }
      }
    }
    return (transfer.isPresent() && transfer.getAsLong() > state.floor(peer))
        || (answer.isPresent() && answer.getAsLong() > lowestAwaited(state));
  }

  private long lowestAwaited(LedgerState state) {
    long lowest = state.lowestUnanswered(peer);
    return state.outstanding(peer, lowest).filter(t -> !t.contradicted()).isPresent()
        ? lowest
        : state
            .outstanding()
            .filter(t -> t.target().equals(peer) && !t.contradicted())
            .mapToLong(t -> t.transfer().number())
            .min()
            .orElse(Long.MAX_VALUE);
  }

  /**
   * Read to the end: the sibling's own state tells what nothing came after. When nothing is
   * missing, the cursor is right again.
   */
  private boolean isMissingAtEnd(LedgerState state, long consumed) {
    SiblingChain.Said said = chain.said(reader);
    if (readHeight < said.height() || (!astray && consumed > said.height())) {
      return false;
    }
    if (isMissing(said, state)) {
      rewindFor("the last that it says was passed over");
      return true;
    }
    if (consumed <= said.height()) {
      believe();
    }
    return false;
  }

  private boolean isMissing(SiblingChain.Said said, LedgerState state) {
    if (said.nextTransfer() > state.floor(peer)) {
      return true;
    }
    if (state.lowestUnanswered(peer) >= said.nextAnswer()) {
      return false;
    }
    List<OutstandingTransfer> answered =
        state
            .outstanding()
            .filter(t -> t.target().equals(peer))
            .filter(t -> t.transfer().number() < said.nextAnswer())
            .toList();
    if (answered.stream().anyMatch(t -> !t.contradicted())) {
      return true;
    }
    if (readFromStart) {
      soughtBelow = said.nextAnswer();
    }
    return answered.stream().anyMatch(t -> t.transfer().number() >= soughtBelow);
  }

  private void believe() {
    astray = false;
    aheadAlone = false;
    readFromStart = false;
    rewindBlocks = FIRST_REWIND_BLOCKS;
  }

  private void rewindFor(String why) {
    long from = rewind();
    log.error(
        "{} in the chain of partition {}, which a certified server of the bank must have done;"
            + " reading it again from block {} on",
        why,
        peer.partition(),
        from + 1);
  }

  /**
   * What is read twice has effect once, so it costs time and nothing else.
   *
   * @return the last block that is not read again
   */
  private long rewind() {
    long height = chain.height();
    long from = Math.max(0, height - rewindBlocks);
    astray = true;
    aheadAlone = false;
    ready.clear();
    readyInputs = 0;
    readHeight = from;
    if (from == 0 && readFromStart) {
      // There is no more to read: a person has to look.
      pause(SiblingInputs.HOLD_MILLIS);
    }
    readFromStart = from == 0;
    if (rewindBlocks < height) {
      rewindBlocks *= REWIND_FACTOR;
    }
    return from;
  }

  /** Others do not wait for a chain that cannot be read now. */
  private void readOn(long readUntilNanos) {
    if (time.nanoTime() - resumeNanos < 0) {
      return;
    }
    try {
      for (int blocks = 0;
          blocks < MAX_BLOCKS_PER_ROUND
              && readyInputs < MAX_READY
              && readHeight < chain.height()
              && time.nanoTime() - readUntilNanos < 0
              && chain.approach(readHeight + 1, MAX_APPROACH_READS);
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
    } catch (RuntimeException e) {
      // A bug, or worse. It must not stop this partition.
      log.error(
          "block {} of partition {} says what nobody understands",
          readHeight + 1,
          peer.partition(),
          e);
      pause(SiblingInputs.HOLD_MILLIS);
    }
  }

  private void take(BlockBody body) {
    List<LedgerInput> inputs = SiblingMail.in(bank, peer.partition(), readHeight + 1, body, reader);
    if (!inputs.isEmpty()) {
      ready.addLast(new Mail(readHeight + 1, inputs));
      readyInputs += inputs.size();
    }
  }
}
