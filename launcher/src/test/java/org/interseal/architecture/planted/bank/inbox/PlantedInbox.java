package org.interseal.architecture.planted.bank.inbox;

import org.interseal.architecture.planted.bank.ledger.PlantedLedger;

/** Closes a cycle. */
public final class PlantedInbox {
  public double amount() {
    return new PlantedLedger().amount;
  }
}
