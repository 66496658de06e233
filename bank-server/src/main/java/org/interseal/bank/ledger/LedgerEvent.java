package org.interseal.bank.ledger;

/** Something that happened in the ledger; the fold of all events is its state. */
public sealed interface LedgerEvent {
  /** New terms are in force. */
  record TermsChanged(LedgerTerms terms) implements LedgerEvent {}
}
