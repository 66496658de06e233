package org.interseal.bank.verify;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.message.ChainHead;

/**
 * What the fold of one chain says at its end. Amounts in minor units; what the bank owes is
 * positive.
 *
 * @param sumMinor per currency the sum over all accounts of every kind
 * @param inFlightMinor balances of the in-flight accounts
 * @param positionMinor balances of the position accounts
 * @param outgoing transfers without the receiver's answer
 * @param accepted transfers that this ledger accepted as receiver, at least all those that a sender
 *     may still hold unanswered
 * @param peerHeads what it remembers of other banks' chains
 */
public record FoldedLedger(
    Map<CurrencyCode, Long> sumMinor,
    Map<Counterparty, Long> inFlightMinor,
    Map<Counterparty, Long> positionMinor,
    List<OutgoingTransfer> outgoing,
    Set<TransferKey> accepted,
    List<ChainHead> peerHeads) {
  public FoldedLedger {
    sumMinor = Map.copyOf(sumMinor);
    inFlightMinor = Map.copyOf(inFlightMinor);
    positionMinor = Map.copyOf(positionMinor);
    outgoing = List.copyOf(outgoing);
    accepted = Set.copyOf(accepted);
    peerHeads = List.copyOf(peerHeads);
  }
}
