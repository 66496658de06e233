package org.interseal.architecture.planted.registry;

import org.interseal.architecture.planted.bank.inbox.PlantedInbox;
import org.interseal.architecture.planted.branch.PlantedBranch;
import org.interseal.architecture.planted.gateway.PlantedGateway;

/** A service that depends on all others. */
public final class PlantedRegistry {
  static final Object[] OTHERS = {PlantedInbox.class, PlantedGateway.class, PlantedBranch.class};
}
