package org.interseal.bank.ledger;

import org.interseal.crypto.Bytes;
import org.interseal.protocol.message.InterbankMessage.Transfer;

/**
 * A transfer of ours that lacks a terminal answer.
 *
 * @param digest of the transfer, which the answer must echo
 * @param sentAtMillis ledger time of the block that owes it
 * @param mark names the payer's instruction
 * @param reply the device's letter that caused it
 * @param contradicted whether an answer with another digest was kept as evidence already
 */
public record OutstandingTransfer(
    Peer target,
    Transfer transfer,
    Bytes digest,
    long sentAtMillis,
    ReferenceMark mark,
    Owed.Reply reply,
    boolean contradicted) {
  OutstandingTransfer asContradicted() {
    return new OutstandingTransfer(target, transfer, digest, sentAtMillis, mark, reply, true);
  }
}
