package org.interseal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final int SEEDS = Integer.getInteger("interseal.simulation.seeds", 60);
  private static final long FIRST_SEED = Long.getLong("interseal.simulation.first", 1);

  private static Simulator simulator;

  @BeforeAll
  static void found() {
    simulator = Simulator.found(false, false);
  }

  @Test
  void what_must_always_hold_holds_for_every_seed() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Simulator.Run outcome = simulator.run(seed);
      assertThat(outcome.holds()).as("%s", outcome).isTrue();
    }
  }

  @Test
  void what_is_not_sealed_is_found() {
    Founding founding = new Founding(true, 1);

    assertThat(Simulation.run(1, founding).broken()).startsWith("secrecy: ");
  }

  @Test
  void the_same_seed_is_the_same_run() {
    for (long seed = 1; seed <= 5; seed++) {
      Simulator.Run first = simulator.run(seed);
      Simulator.Run second = simulator.run(seed);

      assertThat(second.trace()).isEqualTo(first.trace());
      assertThat(second.steps()).isEqualTo(first.steps());
    }
    assertThat(simulator.run(6).trace()).isNotEqualTo(simulator.run(7).trace());
  }
}
