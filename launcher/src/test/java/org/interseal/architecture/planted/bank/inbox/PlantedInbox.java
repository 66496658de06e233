package org.interseal.architecture.planted.bank.inbox;

import org.interseal.architecture.planted.bank.ledger.PlantedLedger;
import org.interseal.architecture.planted.branch.PlantedBranch;
import org.interseal.architecture.planted.gateway.PlantedGateway;
import org.interseal.architecture.planted.registry.PlantedRegistry;

/** A bank that depends on all other services, and closes a cycle. */
public final class PlantedInbox {
  static final Object[] OTHERS = {PlantedRegistry.class, PlantedGateway.class, PlantedBranch.class};

  public double amount() {
    return new PlantedLedger().amount;
  }
}
