package org.interseal.bank.verify;

import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.jspecify.annotations.Nullable;

/**
 * Another bank, in one currency, or another ledger partition of the same bank.
 *
 * @param partition none for another bank: its partitions share an account
 */
public record Counterparty(BankId bank, @Nullable Integer partition, CurrencyCode currency) {
  /** Another bank. */
  public Counterparty(BankId bank, CurrencyCode currency) {
    this(bank, null, currency);
  }
}
