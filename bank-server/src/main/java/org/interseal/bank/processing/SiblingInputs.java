package org.interseal.bank.processing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

  /** A cursor is ahead of a chain for so long at most because this server follows it late. */
  static final long MAX_LATE_MILLIS = 2_000;

  /** How far it is read again at first, when something was passed over; then four times as far. */
  private static final long FIRST_REWIND_BLOCKS = 1_024;

  private static final int REWIND_FACTOR = 4;
  private static final long HOLD_MILLIS = 60_000;
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

  /**
   * Leaves a sibling alone for a while whose word cannot be decided: it must not stop this
   * partition.
   *
   * @return false when the input is none of a sibling's
   */
  boolean hold(LedgerInput input) {
    int from = sibling(input);
    readings.stream()
        .filter(reading -> reading.peer.partition() == from)
        .forEach(reading -> reading.pause(HOLD_MILLIS));
    return from >= 0;
  }

  /** The partition whose blocks say it; negative when it is not about one. */
  static int sibling(LedgerInput input) {
    return switch (input) {
      case LedgerInput.SiblingTransfer in -> in.source();
      case LedgerInput.SiblingAnswer in -> in.from();
      case LedgerInput.SiblingPassed in -> in.partition();
      default -> -1;
    };
  }

  private final class Reading {
    private final SiblingChain chain;
    private final Peer peer;
    private final Deque<Mail> ready = new ArrayDeque<>();
    private int readyInputs;
    private long readHeight;
    private long resumeNanos = time.nanoTime();
    private long heldUntilNanos = time.nanoTime();

    /**
     * The state's cursor was moved past something that is not consumed, which a server gone mad can
     * do: it is not gone by, until that was found. Numbers tell what is consumed.
     */
    private boolean astray;

    private boolean readFromStart;
    private long rewindBlocks = FIRST_REWIND_BLOCKS;
    private OptionalLong aheadSinceNanos = OptionalLong.empty();

    Reading(SiblingChain chain) {
      this.chain = chain;
      this.peer = new Peer(bank, chain.partition());
    }

    void pause(long millis) {
      heldUntilNanos = time.nanoTime() + millis * 1_000_000;
    }

    void addTo(List<InboxItem> items, LedgerState state, int room) {
      if (time.nanoTime() - heldUntilNanos < 0) {
        return;
      }
      long consumed = state.siblingHeight(peer.partition());
      if (isAhead(consumed)) {
        rewind("its cursor " + consumed + " lies beyond the chain's end");
      }
      if (!astray) {
        readHeight = Math.max(readHeight, consumed);
      }
      while (!ready.isEmpty() && isConsumed(ready.getFirst(), state, consumed)) {
        readyInputs -= ready.removeFirst().inputs().size();
      }
      readOn();
      if (isPassedOver(state)) {
        rewind("something was passed over");
        return;
      }
      offer(items, state, room);
      if (!ready.isEmpty() || readHeight < consumed) {
        return;
      }
      if (consumed <= chain.height()) {
        astray = false;
        readFromStart = false;
        rewindBlocks = FIRST_REWIND_BLOCKS;
      }
      if (!astray && readHeight - consumed >= PASSED_BLOCKS) {
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

    /** A block may have had room for a part of what another one says. */
    private boolean isOpen(LedgerInput input, LedgerState state) {
      return switch (input) {
        case LedgerInput.SiblingTransfer in -> in.transfer().number() >= state.floor(peer);
        case LedgerInput.SiblingAnswer in -> isAwaited(state, in.report().number());
        default -> true;
      };
    }

    private boolean isAwaited(LedgerState state, long number) {
      return state.outstanding(peer, number).filter(t -> !t.contradicted()).isPresent();
    }

    private boolean isAhead(long consumed) {
      if (astray || consumed <= chain.height()) {
        aheadSinceNanos = OptionalLong.empty();
        return false;
      }
      if (aheadSinceNanos.isEmpty()) {
        aheadSinceNanos = OptionalLong.of(time.nanoTime());
      }
      return time.millisSince(aheadSinceNanos.getAsLong()) >= MAX_LATE_MILLIS;
    }

    /**
     * Whether the first open transfer, or the first answer, is not the next one. Both chains take
     * and answer a pair's transfers in order of number.
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
      return isAwaited(state, lowest)
          ? lowest
          : state
              .outstanding()
              .filter(t -> t.target().equals(peer) && !t.contradicted())
              .mapToLong(t -> t.transfer().number())
              .min()
              .orElse(lowest);
    }

    /** What is read twice has effect once, so it costs time and nothing else. */
    private void rewind(String why) {
      long from = Math.max(0, chain.height() - rewindBlocks);
      log.error(
          "{} in the chain of partition {}, which a certified server of the bank must have done;"
              + " reading it again from block {} on",
          why,
          peer.partition(),
          from + 1);
      astray = true;
      ready.clear();
      readyInputs = 0;
      readHeight = from;
      if (from == 0 && readFromStart) {
        // There is no more to read: a person has to look.
        pause(HOLD_MILLIS);
      }
      readFromStart = from == 0;
      rewindBlocks *= REWIND_FACTOR;
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
      } catch (RuntimeException e) {
        // A bug, or worse. It must not stop this partition.
        log.error(
            "block {} of partition {} says what nobody understands",
            readHeight + 1,
            peer.partition(),
            e);
        pause(HOLD_MILLIS);
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
