package org.interseal.bank.processing;

import java.util.ArrayList;
import java.util.List;
import org.interseal.bank.inbox.InboxItem;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.identity.BankId;
import org.interseal.store.RunningTime;

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

  /** A cursor is ahead of a chain for so long at most because this server follows it late. */
  static final long MAX_LATE_MILLIS = 2_000;

  /** Then the ledger thread has other things to do: what is read on is read the next time. */
  static final long MAX_READING_MILLIS = 100;

  static final long HOLD_MILLIS = 60_000;

  private final List<SiblingReading> readings;
  private final RunningTime time;
  private int first;

  SiblingInputs(BankId bank, int partition, List<SiblingChain> siblings, RunningTime time) {
    this.time = time;
    this.readings =
        siblings.stream().map(chain -> new SiblingReading(bank, partition, chain, time)).toList();
  }

  /** What the state does not know yet, at most {@code room} inputs; each sibling gets its turn. */
  List<InboxItem> news(LedgerState state, int room) {
    List<InboxItem> items = new ArrayList<>();
    long readUntil = time.nanoTime() + MAX_READING_MILLIS * 1_000_000;
    for (int i = 0; i < readings.size() && items.size() < room; i++) {
      readings.get((first + i) % readings.size()).addTo(items, state, room, readUntil);
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
        .filter(reading -> reading.partition() == from)
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
}
