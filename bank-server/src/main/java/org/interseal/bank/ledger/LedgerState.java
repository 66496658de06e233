package org.interseal.bank.ledger;

/** The state of a ledger partition. Immutable; sharing structure makes every version cheap to keep. */
public final class LedgerState {
  private LedgerState() {}
}
