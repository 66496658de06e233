package org.interseal.simulation;

import java.util.SplittableRandom;
import org.interseal.store.memory.Unkindness;

/** What a seed sets out to do. */
record Plan(
    int servers,
    int gateways,
    int payments,
    int bursts,
    int faults,
    int snapshotBlocks,
    double shuffle,
    long maxDelayMillis,
    long maxFaultMillis,
    long maxClockMillis,
    long maxAmountMinor,
    Unkindness unkindness,
    boolean evicts) {
  private static final Fault[] FAULTS = Fault.values();

  static Plan of(SplittableRandom random) {
    int servers = 1 + random.nextInt(3);
    return new Plan(
        servers,
        1 + random.nextInt(2),
        4 + random.nextInt(16),
        2 + random.nextInt(8),
        random.nextInt(14),
        3 + random.nextInt(20),
        new double[] {0, 0.1, 0.5, 1}[random.nextInt(4)],
        1 + random.nextLong(20),
        500 + random.nextLong(6_000),
        random.nextBoolean() ? 5_000 : 300_000,
        random.nextInt(4) == 0 ? 2 * Founding.FUNDS_MINOR : 2_000,
        unkindness(random.nextInt(4)),
        servers > 1 && random.nextInt(3) == 0);
  }

  private static Unkindness unkindness(int kind) {
    return switch (kind) {
      case 0 -> Unkindness.none();
      case 1, 2 -> Unkindness.rethinkLike();
      default ->
          new Unkindness(
              new Unkindness.Writes(0.05, 0.05, 0.05, 0.03, 0.03, 0.03),
              0.03,
              new Unkindness.Wakes(0.2, 0.2, 0.05, 0.05),
              new Unkindness.Timing(500, 100, 50, 200, 100, 500));
    };
  }

  /**
   * Of the banks' own databases: only a bank's servers can write there, so that nobody takes ids.
   */
  Unkindness ownUnkindness() {
    Unkindness.Writes w = unkindness.writes();
    return unkindness.withWrites(
        new Unkindness.Writes(
            w.unknownThatHappened(),
            w.unknownThatDidNot(),
            w.unknownThatHappensLater(),
            w.failed(),
            0,
            w.late()));
  }

  Fault fault(SplittableRandom random) {
    return FAULTS[random.nextInt(FAULTS.length)];
  }
}
