package org.interseal.launcher.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.interseal.simulation.Simulator;

/** What a row of seeds came to. */
final class SimulationReport {
  /** A seed that does not hold. */
  record Broken(long seed, long step, String what) {}

  /**
   * The figures.
   *
   * @param virtualSeconds simulated time, of all runs together
   * @param faults how often each kind of fault happened
   */
  record Figures(
      long firstSeed,
      long seeds,
      long steps,
      long payments,
      long blocks,
      long virtualSeconds,
      long elapsedMillis,
      Map<String, Integer> faults,
      List<Broken> broken) {}

  /** Broken seeds that are kept; all are counted by being printed. */
  private static final int MAX_BROKEN = 1_000;

  private final long firstSeed;
  private final Map<String, Integer> faults = new TreeMap<>();
  private final List<Broken> broken = new ArrayList<>();
  private long seeds;
  private long steps;
  private long payments;
  private long blocks;
  private long virtualMillis;

  SimulationReport(long firstSeed) {
    this.firstSeed = firstSeed;
  }

  void add(Simulator.Run run) {
    seeds++;
    steps += run.steps();
    payments += run.payments();
    blocks += run.blocks();
    virtualMillis += run.virtualMillis();
    run.faults().forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
    String what = run.broken();
    if (what != null && broken.size() < MAX_BROKEN) {
      broken.add(new Broken(run.seed(), run.steps(), what));
    }
  }

  /** Adds what another process found; to be called in order of seeds. */
  void add(Figures part) {
    seeds += part.seeds();
    steps += part.steps();
    payments += part.payments();
    blocks += part.blocks();
    virtualMillis += TimeUnit.SECONDS.toMillis(part.virtualSeconds());
    part.faults().forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
    part.broken().stream().limit(MAX_BROKEN - broken.size()).forEach(broken::add);
  }

  Figures figures(long elapsedMillis) {
    return new Figures(
        firstSeed,
        seeds,
        steps,
        payments,
        blocks,
        virtualMillis / 1_000,
        elapsedMillis,
        faults,
        List.copyOf(broken));
  }
}
