package org.interseal.bank;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.interseal.bank.ledger.LedgerTerms;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.service.ConfigurationRefused;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The limits that the bank wants in force; a change takes effect in the first block after a start.
 * Amounts in minor units.
 *
 * @param currencies ISO 4217 codes in which accounts may be opened
 * @param paymentLimitMinor most per payment of a customer
 * @param dailyLimitMinor most per customer account and day
 * @param branchCashCapMinor most cash that a branch may hold
 * @param counterpartyCapMinor largest claim on another bank, per currency
 * @param counterpartyCaps exceptions, by BIC
 * @param outstandingCap most unanswered transfers per target partition
 */
@ConfigurationProperties("interseal.terms")
record TermsProperties(
    @DefaultValue({"CZK", "EUR"}) List<String> currencies,
    @DefaultValue("100000000") long paymentLimitMinor,
    @DefaultValue("500000000") long dailyLimitMinor,
    @DefaultValue("10000000000") long branchCashCapMinor,
    @DefaultValue("100000000000") long counterpartyCapMinor,
    @DefaultValue Map<String, Long> counterpartyCaps,
    @DefaultValue("10000") int outstandingCap) {
  LedgerTerms terms() {
    try {
      return new LedgerTerms(
          currencies.stream().map(CurrencyCode::new).toList(),
          paymentLimitMinor,
          dailyLimitMinor,
          branchCashCapMinor,
          counterpartyCapMinor,
          counterpartyCaps.entrySet().stream()
              .collect(Collectors.toMap(entry -> new BankId(entry.getKey()), Map.Entry::getValue)),
          outstandingCap);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationRefused(
          "interseal.terms is not usable: " + e.getMessage(),
          "Use ISO 4217 codes for currencies and BICs of eight characters as keys of counterparty-caps.");
    }
  }
}
