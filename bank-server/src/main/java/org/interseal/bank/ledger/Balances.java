package org.interseal.bank.ledger;

import org.interseal.protocol.banking.CurrencyCode;
import org.pcollections.TreePMap;

/**
 * Balances of the bank's own accounts, and the customers' total; credit positive, minor units.
 *
 * @param own by {@code <account key>|<currency>}; zero balances are left out
 * @param customers sum over customer accounts
 */
record Balances(TreePMap<String, Long> own, TreePMap<CurrencyCode, Long> customers) {
  static final Balances EMPTY = new Balances(TreePMap.empty(), TreePMap.empty());

  static String key(LedgerAccount account, CurrencyCode currency) {
    return account.key() + "|" + currency.value();
  }

  long of(LedgerAccount account, CurrencyCode currency) {
    Long balance = own.get(key(account, currency));
    return balance == null ? 0 : balance;
  }

  Balances plusOwn(LedgerAccount account, CurrencyCode currency, long amountMinor) {
    String key = key(account, currency);
    Long before = own.get(key);
    long after = Math.addExact(before == null ? 0 : before, amountMinor);
    return new Balances(after == 0 ? own.minus(key) : own.plus(key, after), customers);
  }

  Balances plusCustomers(CurrencyCode currency, long amountMinor) {
    Long before = customers.get(currency);
    long after = Math.addExact(before == null ? 0 : before, amountMinor);
    return new Balances(own, customers.plus(currency, after));
  }
}
