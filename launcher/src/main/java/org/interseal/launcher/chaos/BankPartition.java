package org.interseal.launcher.chaos;

import org.interseal.identity.BankId;
import org.interseal.launcher.load.Customer;

/** A part of a bank's ledger that one server at a time writes. */
record BankPartition(BankId bank, int partition) {
  static BankPartition of(Customer customer) {
    return new BankPartition(customer.bank(), customer.partition());
  }
}
