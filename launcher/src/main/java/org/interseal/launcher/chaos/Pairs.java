package org.interseal.launcher.chaos;

import java.util.List;
import java.util.random.RandomGenerator;
import org.interseal.launcher.load.Customer;

/**
 * Who pays whom out of one partition of a bank: every other payment goes to a customer of another
 * bank, when there is one, the rest anywhere in this one. Thread-safe.
 */
final class Pairs {
  private final List<Customer> payers;
  private final List<Customer> inside;
  private final List<Customer> outside;
  private final RandomGenerator random;
  private long made;

  /** A payer, and somebody else. */
  record Pair(Customer payer, Customer payee) {}

  /**
   * @param all of every bank; two of the bank or more, and one of the partition or more
   * @param random used by nobody else
   */
  Pairs(List<Customer> all, BankPartition where, RandomGenerator random) {
    this.payers = all.stream().filter(c -> BankPartition.of(c).equals(where)).toList();
    this.inside = all.stream().filter(c -> c.bank().equals(where.bank())).toList();
    this.outside = all.stream().filter(c -> !c.bank().equals(where.bank())).toList();
    this.random = random;
  }

  synchronized Pair next() {
    Customer payer = payers.get(random.nextInt(payers.size()));
    List<Customer> payees = made++ % 2 == 0 || outside.isEmpty() ? inside : outside;
    int at = random.nextInt(payees.size());
    Customer payee = payees.get(at);
    return new Pair(payer, payee.equals(payer) ? payees.get((at + 1) % payees.size()) : payee);
  }
}
