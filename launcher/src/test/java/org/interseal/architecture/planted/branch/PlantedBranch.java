package org.interseal.architecture.planted.branch;

import org.interseal.architecture.planted.bank.inbox.PlantedInbox;
import org.interseal.architecture.planted.gateway.PlantedGateway;
import org.interseal.architecture.planted.registry.PlantedRegistry;

/** A service that depends on all others. */
public final class PlantedBranch {
  static final Object[] OTHERS = {PlantedRegistry.class, PlantedInbox.class, PlantedGateway.class};
}
