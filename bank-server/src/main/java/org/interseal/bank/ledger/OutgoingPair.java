package org.interseal.bank.ledger;

import org.interseal.crypto.Bytes;
import org.pcollections.TreePMap;

/**
 * Our transfers to one partition of one bank.
 *
 * @param unanswered by number
 * @param answered the newest terminal answers, to recognise contradictions
 */
record OutgoingPair(
    long nextNumber,
    TreePMap<Long, OutstandingTransfer> unanswered,
    TreePMap<Long, Answered> answered) {
  /** Answers remembered per pair. */
  static final int MAX_ANSWERED = 1_024;

  static final OutgoingPair EMPTY = new OutgoingPair(1, TreePMap.empty(), TreePMap.empty());

  /** A terminal answer; {@code contradicted} when evidence against it was kept already. */
  record Answered(Bytes digest, boolean settled, boolean contradicted) {}

  long lowestUnanswered() {
    return unanswered.isEmpty() ? nextNumber : unanswered.firstKey();
  }

  OutgoingPair sent(OutstandingTransfer transfer) {
    if (transfer.transfer().number() != nextNumber) {
      throw new IllegalStateException("transfer out of number order");
    }
    return new OutgoingPair(nextNumber + 1, unanswered.plus(nextNumber, transfer), answered);
  }

  OutgoingPair with(OutstandingTransfer transfer) {
    return new OutgoingPair(
        nextNumber, unanswered.plus(transfer.transfer().number(), transfer), answered);
  }

  OutgoingPair answer(long number, Bytes digest, boolean settled) {
    return new OutgoingPair(nextNumber, unanswered.minus(number), answered)
        .with(number, new Answered(digest, settled, false));
  }

  OutgoingPair with(long number, Answered answer) {
    TreePMap<Long, Answered> all = answered.plus(number, answer);
    return new OutgoingPair(
        nextNumber, unanswered, all.size() > MAX_ANSWERED ? all.minusFirstEntry() : all);
  }
}
