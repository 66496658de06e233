package org.interseal.bank.ledger;

import org.interseal.protocol.banking.Iban;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * Customers and their accounts, the latter by account number.
 *
 * @param nextNumber a free account number, 1 more than the last automatic one at least
 */
record AccountBook(
    TreePMap<Long, Customer> customers,
    TreePMap<Long, CustomerAccount> accounts,
    long nextCustomer,
    long nextNumber) {
  /** Account numbers have ten digits. */
  static final long MAX_NUMBER = 9_999_999_999L;

  static final AccountBook EMPTY = new AccountBook(TreePMap.empty(), TreePMap.empty(), 1, 1);

  /** The account with that IBAN, or none: the number alone does not tell the bank and partition. */
  @Nullable CustomerAccount find(Iban iban) {
    CustomerAccount account = accounts.get(iban.number());
    return account != null && account.iban().equals(iban) ? account : null;
  }

  CustomerAccount require(Iban iban) {
    CustomerAccount account = find(iban);
    if (account == null) {
      throw new IllegalStateException("unknown account");
    }
    return account;
  }

  CustomerAccount require(long number) {
    CustomerAccount account = accounts.get(number);
    if (account == null) {
      throw new IllegalStateException("unknown account");
    }
    return account;
  }

  Customer customer(long id) {
    Customer customer = customers.get(id);
    if (customer == null) {
      throw new IllegalStateException("unknown customer");
    }
    return customer;
  }

  AccountBook with(CustomerAccount account) {
    return new AccountBook(
        customers, accounts.plus(account.iban().number(), account), nextCustomer, nextNumber);
  }

  AccountBook with(Customer customer) {
    return new AccountBook(
        customers.plus(customer.id(), customer), accounts, nextCustomer, nextNumber);
  }

  AccountBook opened(Customer customer, CustomerAccount account) {
    TreePMap<Long, CustomerAccount> all = accounts.plus(account.iban().number(), account);
    long next = nextNumber;
    while (all.containsKey(next)) {
      next++;
    }
    return new AccountBook(customers.plus(customer.id(), customer), all, customer.id() + 1, next);
  }
}
