package org.interseal.bank.ledger;

import org.interseal.identity.BankId;

/** Decide, apply, fold: the whole behaviour of a ledger partition, as pure functions. */
public final class Ledger {
  private Ledger() {}

  /** The state before the first block. */
  public static LedgerState empty(BankId bank, int partition) {
    throw new UnsupportedOperationException();
  }

  /**
   * Decides one input by the ledger's time. Never throws for anything that a remote party can cause.
   *
   * @param place where the decision will stand, from which ids of owed transfers are derived
   */
  public static Decision decide(LedgerState state, LedgerInput input, long ledgerTimeMillis, BlockSlot place) {
    throw new UnsupportedOperationException();
  }

  /** The state after an event. */
  public static LedgerState apply(LedgerState state, LedgerEvent event, long ledgerTimeMillis) {
    throw new UnsupportedOperationException();
  }

  /** The state after a whole block: its events, cursor, consumed inputs and outbox mark. */
  public static LedgerState fold(LedgerState state, BlockBody block, long height) {
    throw new UnsupportedOperationException();
  }
}
