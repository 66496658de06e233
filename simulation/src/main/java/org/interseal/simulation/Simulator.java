package org.interseal.simulation;

import java.util.Map;
import org.interseal.crypto.InsecureSimulationSuite;
import org.jspecify.annotations.Nullable;

/** Simulates the federation from seeds. One per process, for one thread. */
public final class Simulator {
  /** One seed in so many has a bank with two ledger partitions. */
  private static final int ONE_IN_PARTITIONED = 4;

  private final Founding founding;
  private final Founding partitioned;

  /**
   * One run.
   *
   * @param trace a digest of everything that happened, in order
   * @param broken what did not hold that must always hold, or null when all held
   * @param bug the exception behind it, or null
   */
  public record Run(
      long seed,
      long steps,
      long trace,
      long virtualMillis,
      int payments,
      long blocks,
      Map<String, Integer> faults,
      @Nullable String broken,
      @Nullable Throwable bug) {
    public boolean holds() {
      return broken == null;
    }
  }

  private Simulator(Founding founding, Founding partitioned) {
    this.founding = founding;
    this.partitioned = partitioned;
  }

  /**
   * Founds the banks that every run begins with.
   *
   * @param realCryptography seals and signs as pure Java does it, which takes many times as long,
   *     instead of pretending
   * @param showLogs of the simulated servers
   * @throws IllegalStateException when keys were made in this process before, or the Java machine
   *     was not started with {@code --add-opens java.base/java.lang=ALL-UNNAMED}
   */
  public static Simulator found(boolean realCryptography, boolean showLogs) {
    SimulatedLogs.show(false);
    if (realCryptography) {
      InsecureSimulationSuite.installReal();
    } else {
      InsecureSimulationSuite.install();
    }
    Founding founding = new Founding(realCryptography, 1);
    Founding partitioned = new Founding(realCryptography, 2);
    SimulatedLogs.show(showLogs);
    return new Simulator(founding, partitioned);
  }

  /** The same run for the same seed, to the end or to the first thing that must not be. */
  public Run run(long seed) {
    return Simulation.run(
        seed, Math.floorMod(seed, ONE_IN_PARTITIONED) == 0 ? partitioned : founding);
  }
}
