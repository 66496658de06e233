package org.interseal.bank.ledger;

import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * Transfers from one partition of one bank.
 *
 * @param floor numbers below are dropped without an answer; the source has an answer to each. From
 *     another partition of this bank: the next number, and nothing else is remembered
 * @param received what was answered, from the floor on
 * @param awaited digests that the authority counts as arrived; accepted even below the floor
 */
record IncomingPair(long floor, TreePMap<Long, Received> received, TreePMap<Long, Bytes> awaited) {
  /**
   * Most numbers between a source's lowest unanswered transfer and its newest. The source rejects
   * instructions that would go beyond; the target drops what does, so that a bank cannot exhaust
   * another's memory.
   */
  static final int WINDOW = 100_000;

  /**
   * Most answered numbers that are remembered for a source bank, all its partitions together: a
   * bank may have 100 of them. Beyond, only a partition's lowest unanswered number is let in, one
   * per partition at a time; the rest is dropped until floors rise. 17 MB of a snapshot.
   */
  static final int MAX_ANSWERED_PER_BANK = 100_000;

  static final IncomingPair EMPTY = new IncomingPair(1, TreePMap.empty(), TreePMap.empty());

  /** An answered transfer: accepted when there is no reason. */
  record Received(Bytes digest, @Nullable ReasonCode reason, boolean contradicted) {
    Report report(long number) {
      return new Report(
          number, digest, reason == null ? TransactionStatus.ACCC : TransactionStatus.RJCT, reason);
    }

    Received asContradicted() {
      return new Received(digest, reason, true);
    }
  }

  IncomingPair raised(long newFloor) {
    if (newFloor <= floor) {
      throw new IllegalStateException("a floor only rises");
    }
    return new IncomingPair(newFloor, received.tailMap(newFloor, true), awaited);
  }

  IncomingPair with(long number, Received answer) {
    // Below the floor only what the authority awaits is consumed, and its answer need not be kept.
    TreePMap<Long, Received> all = number < floor ? received : received.plus(number, answer);
    return new IncomingPair(floor, all, awaited.minus(number));
  }

  /** After the next number of another partition of this bank: they come in order, none twice. */
  IncomingPair next(long number) {
    if (number != floor) {
      throw new IllegalStateException("a sibling's transfer out of number order");
    }
    return new IncomingPair(number + 1, received, awaited);
  }

  IncomingPair awaiting(long number, Bytes digest) {
    return new IncomingPair(floor, received, awaited.plus(number, digest));
  }
}
