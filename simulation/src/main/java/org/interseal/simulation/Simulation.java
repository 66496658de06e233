package org.interseal.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of the whole federation: a function of its seed. */
final class Simulation {
  private static final long TROUBLE_MILLIS = 10_000;
  private static final Duration PROGRESS_LIMIT = Duration.ofMinutes(4);
  private static final int MAX_STEPS = 3_000_000;
  private static final long BURST_MILLIS = 150;
  private static final int COMPARE_EVERY = 100;

  private final long seed;
  private final World world;
  private final Checks checks;
  private final Troubles troubles;
  private int payments;

  private Simulation(long seed, Founding founding) {
    this.seed = seed;
    this.world = new World(seed, founding);
    this.checks = new Checks(world);
    this.troubles = new Troubles(world, checks);
  }

  /** Runs to the end, or to the first thing that must not be. */
  static Simulator.Run run(long seed, Founding founding) {
    Simulation simulation = new Simulation(seed, founding);
    try (SimulatedLogs.Watching _ = SimulatedLogs.watch(simulation.world::logged)) {
      simulation.run();
      return simulation.outcome(null, null);
    } catch (InvariantBroken e) {
      return simulation.outcome(e.getMessage(), e.getCause());
    } catch (RuntimeException e) {
      return simulation.outcome("a bug: " + e, e);
    }
  }

  private Simulator.Run outcome(@Nullable String broken, @Nullable Throwable cause) {
    return new Simulator.Run(
        seed,
        world.conductor.steps(),
        world.conductor.trace(),
        world.millis(),
        payments,
        checks.blocks(),
        troubles.faults(),
        broken,
        cause);
  }

  private void run() {
    world.build();
    List<Long> bursts = new ArrayList<>();
    for (int i = 0; i < world.plan.bursts(); i++) {
      bursts.add(world.random.nextLong(TROUBLE_MILLIS - BURST_MILLIS));
    }
    for (int i = 0; i < world.plan.payments(); i++) {
      world.at(
          bursts.get(world.random.nextInt(bursts.size())) + world.random.nextLong(BURST_MILLIS),
          this::pay);
    }
    for (int i = 0; i < world.plan.faults(); i++) {
      world.at(world.random.nextLong(TROUBLE_MILLIS), troubles::trouble);
    }
    if (world.plan.evicts()) {
      ServerSlot slot = world.servers.get(world.random.nextInt(world.servers.size()));
      world.at(world.random.nextLong(TROUBLE_MILLIS), () -> troubles.evict(slot));
    }
    step(TROUBLE_MILLIS, false);
    troubles.heal();
    step(PROGRESS_LIMIT.toMillis(), true);
    checks.checkEnd();
  }

  private void step(long millis, boolean untilDone) {
    long end = world.conductor.millis() + millis;
    while (world.conductor.millis() < end) {
      if (!world.conductor.step()) {
        throw new InvariantBroken("nothing will ever happen again");
      }
      world.requireNoBug();
      if (world.conductor.steps() % COMPARE_EVERY == 0) {
        checks.compare();
        if (untilDone && checks.isDone() && troubles.isDone()) {
          return;
        }
      }
      if (world.conductor.steps() > MAX_STEPS) {
        throw new InvariantBroken("progress: too many steps");
      }
    }
    if (untilDone) {
      checks.checkLinks();
      throw new InvariantBroken(
          "progress: "
              + (troubles.isDone() ? "" : "an eviction is not known; ")
              + checks.whatIsLeft());
    }
  }

  private void pay() {
    SimulatedDevice payer = world.devices.get(world.random.nextInt(world.devices.size()));
    List<SimulatedDevice> others = world.devices.stream().filter(d -> !d.equals(payer)).toList();
    Customer payee = others.get(world.random.nextInt(others.size())).customer();
    payments++;
    payer.pay(
        payee,
        1 + world.random.nextLong(world.plan.maxAmountMinor()),
        "order-" + payments,
        world.random.nextInt(8) == 0);
  }
}
