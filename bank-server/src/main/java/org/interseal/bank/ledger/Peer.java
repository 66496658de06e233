package org.interseal.bank.ledger;

import org.interseal.identity.BankId;

/** A ledger partition of a bank, as counterparty. */
public record Peer(BankId bank, int partition) implements Comparable<Peer> {
  @Override
  public int compareTo(Peer other) {
    int byBank = bank.compareTo(other.bank);
    return byBank != 0 ? byBank : Integer.compare(partition, other.partition);
  }

  @Override
  public String toString() {
    return bank.value() + "/" + partition;
  }
}
