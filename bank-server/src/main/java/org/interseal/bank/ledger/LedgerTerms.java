package org.interseal.bank.ledger;

import java.util.Map;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;

/**
 * The limits that a bank sets for a ledger partition. Amounts in minor units.
 *
 * @param currencies the currencies in which accounts may be opened
 * @param paymentLimitMinor most per payment of a customer
 * @param dailyLimitMinor most per customer account and business date (UTC) of ledger time
 * @param branchCashCapMinor most cash that a branch may hold, and most it may pay out against nothing is 0
 * @param counterpartyCapMinor default for the largest claim on another bank, per currency
 * @param counterpartyCaps exceptions
 * @param outstandingCap most unanswered transfers per target partition
 */
public record LedgerTerms(
    java.util.List<CurrencyCode> currencies,
    long paymentLimitMinor,
    long dailyLimitMinor,
    long branchCashCapMinor,
    long counterpartyCapMinor,
    Map<BankId, Long> counterpartyCaps,
    int outstandingCap) {
  public LedgerTerms {
    currencies = java.util.List.copyOf(currencies);
    counterpartyCaps = Map.copyOf(counterpartyCaps);
  }
}
