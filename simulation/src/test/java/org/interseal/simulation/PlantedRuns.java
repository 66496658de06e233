package org.interseal.simulation;

import org.jspecify.annotations.Nullable;

/** Runs simulations inside a {@link BugWeaver}'s classes. */
public final class PlantedRuns {
  private final Simulator simulator;

  public PlantedRuns(boolean realCryptography) {
    this.simulator = Simulator.found(realCryptography, false);
  }

  /** The first seed that finds the bug, and what it found; empty when none does. */
  public String find(String bug, int maxSeeds) {
    @Nullable PlantedBug planted = bug.isEmpty() ? null : PlantedBug.valueOf(bug);
    long first = planted == null ? 1 : planted.firstSeed();
    PlantedBug.plant(planted);
    try {
      for (long seed = first; seed < first + maxSeeds; seed++) {
        Simulator.Run outcome = simulator.run(seed);
        if (!outcome.holds()) {
          return "seed " + seed + ": " + outcome.broken();
        }
      }
      return "";
    } finally {
      PlantedBug.plant(null);
    }
  }

  public long trace(long seed) {
    return simulator.run(seed).trace();
  }
}
