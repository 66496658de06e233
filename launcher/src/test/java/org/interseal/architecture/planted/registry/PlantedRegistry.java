package org.interseal.architecture.planted.registry;

import org.interseal.architecture.planted.branch.PlantedBranch;

/** A service that depends on another one. */
public final class PlantedRegistry {
  public String other() {
    return new PlantedBranch().other();
  }
}
