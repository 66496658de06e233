package org.interseal.bank.ledger;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Money;

/**
 * The limits that a bank sets for a ledger partition. Amounts in minor units.
 *
 * @param currencies the currencies in which accounts may be opened
 * @param paymentLimitMinor most per payment of a customer
 * @param dailyLimitMinor most per customer account and business date (UTC) of ledger time
 * @param branchCashCapMinor most cash that a branch may hold, and most it may pay out against
 *     nothing is 0
 * @param counterpartyCapMinor default for the largest claim on another bank, per currency
 * @param counterpartyCaps exceptions
 * @param outstandingCap most unanswered transfers per target partition
 */
public record LedgerTerms(
    List<CurrencyCode> currencies,
    long paymentLimitMinor,
    long dailyLimitMinor,
    long branchCashCapMinor,
    long counterpartyCapMinor,
    Map<BankId, Long> counterpartyCaps,
    int outstandingCap) {
  public LedgerTerms {
    currencies = List.copyOf(currencies);
    counterpartyCaps = java.util.Collections.unmodifiableMap(new TreeMap<>(counterpartyCaps));
  }

  /** Nothing is allowed. In force until the bank's operators set terms. */
  static LedgerTerms none() {
    return new LedgerTerms(List.of(), 0, 0, 0, 0, Map.of(), 0);
  }

  /** Largest claim on that bank; never more than an amount can say. */
  long capOn(BankId counterparty) {
    Long exception = counterpartyCaps.get(counterparty);
    return Math.min(exception == null ? counterpartyCapMinor : exception, Money.MAX_MINOR);
  }

  /** Most per day; clamped so that sums stay inside a long. */
  long dailyLimit() {
    return Math.min(dailyLimitMinor, Long.MAX_VALUE / 2);
  }

  /** Most cash in a branch; never more than an amount can say. */
  long branchCap() {
    return Math.min(branchCashCapMinor, Money.MAX_MINOR);
  }
}
