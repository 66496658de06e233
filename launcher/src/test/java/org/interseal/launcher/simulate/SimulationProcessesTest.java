package org.interseal.launcher.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.interseal.launcher.simulate.SimulationProcesses.Slice;
import org.interseal.launcher.simulate.SimulationReport.Broken;
import org.interseal.launcher.simulate.SimulationReport.Figures;
import org.interseal.protocol.json.ProtocolJson;
import org.junit.jupiter.api.Test;

class SimulationProcessesTest {
  @Test
  void seeds_are_shared_out_in_order_and_each_once() {
    assertThat(SimulationProcesses.slices(11, 1_000, 3))
        .containsExactly(new Slice(11, 333), new Slice(344, 333), new Slice(677, 334));
  }

  @Test
  void few_seeds_are_not_worth_another_process() {
    long few = 2 * SimulationProcesses.MIN_SEEDS_EACH - 1;

    assertThat(SimulationProcesses.slices(1, few, 8)).containsExactly(new Slice(1, few));
    assertThat(SimulationProcesses.slices(1, few + 1, 8)).hasSize(2);
    assertThat(SimulationProcesses.slices(7, 1, 1)).containsExactly(new Slice(7, 1));
    assertThat(SimulationProcesses.slices(1, 1_000, 0)).containsExactly(new Slice(1, 1_000));
  }

  @Test
  void a_report_of_parts_adds_them_up_with_broken_seeds_in_order() throws Exception {
    SimulationReport whole = new SimulationReport(1);

    whole.add(part(1, new Broken(3, 40, "this")));
    whole.add(part(101, new Broken(150, 7, "that")));

    assertThat(whole.figures(9_000))
        .isEqualTo(
            new Figures(
                1,
                200,
                20_000,
                40,
                60,
                120,
                9_000,
                Map.of("KILL", 4, "STOP", 2),
                List.of(new Broken(3, 40, "this"), new Broken(150, 7, "that"))));
  }

  /** As it comes out of another process. */
  private static Figures part(long first, Broken broken) throws Exception {
    Figures figures =
        new Figures(
            first, 100, 10_000, 20, 30, 60, 5_000, Map.of("KILL", 2, "STOP", 1), List.of(broken));
    return ProtocolJson.decode(ProtocolJson.encodeText(figures), Figures.class);
  }
}
