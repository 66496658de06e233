package org.interseal.architecture.planted.branch;

import org.interseal.architecture.planted.registry.PlantedRegistry;

/** A service that depends on another one. */
public final class PlantedBranch {
  public String other() {
    return PlantedRegistry.class.getName();
  }
}
