package org.interseal.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {
  private static final int MANY = 1_000;

  private static List<Fault> faults(long seed, int bank, boolean takeOversAlone) {
    ChaosPlan plan = new ChaosPlan(seed, bank, 2, 3, takeOversAlone);
    return Stream.generate(plan::next).limit(MANY).toList();
  }

  @Test
  void theSameSeedPlansTheSameFaults() {
    assertThat(faults(7, 0, false)).isEqualTo(faults(7, 0, false));
  }

  @Test
  void anotherSeedAndAnotherBankPlanOthers() {
    assertThat(faults(7, 0, false))
        .isNotEqualTo(faults(8, 0, false))
        .isNotEqualTo(faults(7, 1, false));
  }

  @Test
  void everyKindAndEveryProcessHasItsTurn() {
    List<Fault> faults = faults(1, 0, false);
    Set<Fault.Kind> expected = EnumSet.complementOf(EnumSet.of(Fault.Kind.KILL_WRITER));
    assertThat(faults.stream().map(Fault::kind).collect(Collectors.toSet())).isEqualTo(expected);
    assertThat(faults.stream().map(Fault::node).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("server-1", "server-2", "gateway-1", "gateway-2", "gateway-3");
    assertThat(faults)
        .allMatch(fault -> fault.millis() <= ChaosPlan.MAX_PAUSE_MILLIS)
        .allMatch(fault -> fault.thenMillis() <= ChaosPlan.MAX_REST_MILLIS);
  }

  @Test
  void takeOversAloneKillTheWriterAndLetTheStandbyFollow() {
    assertThat(faults(1, 0, true))
        .allMatch(fault -> fault.kind() == Fault.Kind.KILL_WRITER)
        .allMatch(fault -> fault.thenMillis() >= ChaosPlan.TAKE_OVER_REST_MILLIS);
  }
}
