package org.interseal.bank.verify;

import org.interseal.protocol.banking.Money;

/** A transfer that the sender's ledger does not yet have the receiver's answer to. */
public record OutgoingTransfer(TransferKey key, Money amount, State state) {
  /** Where the sender's ledger has the money. */
  public enum State {
    /** On the in-flight account. */
    IN_FLIGHT,
    /** The authority resolved that it arrived: on the position account. */
    SETTLED_BY_RESOLUTION,
    /** The authority resolved that it did not: back with the payer. */
    RETURNED_BY_RESOLUTION
  }
}
