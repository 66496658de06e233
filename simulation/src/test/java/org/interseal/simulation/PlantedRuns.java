package org.interseal.simulation;

import java.util.Map;
import java.util.Optional;

/** Runs simulations inside a {@link BugWeaver}'s classes. */
public final class PlantedRuns {
  private final Simulator simulator;

  public PlantedRuns(boolean realCryptography) {
    this.simulator = Simulator.found(realCryptography, false);
  }

  /** The first seed that breaks what must hold, and what breaks; empty when none does. */
  public Optional<Map.Entry<Long, String>> find(String bug, int maxSeeds) {
    PlantedBug planted = PlantedBug.valueOf(bug);
    PlantedBug.plant(planted);
    try {
      return first(planted.firstSeed(), maxSeeds);
    } finally {
      PlantedBug.plant(null);
    }
  }

  /** The same without any bug. */
  public Optional<Map.Entry<Long, String>> first(long firstSeed, int maxSeeds) {
    for (long seed = firstSeed; seed < firstSeed + maxSeeds; seed++) {
      String broken = simulator.run(seed).broken();
      if (broken != null) {
        return Optional.of(Map.entry(seed, broken));
      }
    }
    return Optional.empty();
  }
}
