package org.interseal.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.interseal.protocol.json.ProtocolJson;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ChaosReportTest {
  private static ChaosReport report(int lost, int doubled, boolean conserved, String... wrong) {
    return new ChaosReport(
        3,
        100,
        lost,
        doubled,
        1_200,
        conserved,
        false,
        7,
        1,
        1,
        TakeOvers.of(List.of(900L, 1_100L)),
        0,
        Map.of("AM04", 1),
        List.of(wrong));
  }

  @Test
  void isGoodWhenNothingIsWrong() {
    assertThat(report(0, 0, true).verified(true).good()).isTrue();
  }

  @Test
  void isNotGoodWhenAnythingIs() {
    assertThat(report(1, 0, true).verified(true).good()).isFalse();
    assertThat(report(0, 1, true).verified(true).good()).isFalse();
    assertThat(report(0, 0, false).verified(true).good()).isFalse();
    assertThat(report(0, 0, true).verified(false).good()).isFalse();
    assertThat(report(0, 0, true, "ended by itself").verified(true).good()).isFalse();
  }

  @Test
  void beginsWithTheFiguresThatCount() throws Exception {
    JsonNode json =
        ProtocolJson.decode(
            ProtocolJson.encodeText(report(0, 0, true).verified(true)), JsonNode.class);
    assertThat(json.propertyNames().stream().limit(7))
        .containsExactly(
            "kills", "payments", "lost", "doubled", "longestGapMillis", "conserved", "verified");
    assertThat(json.path("takeOverMillis").path("max").asLong()).isEqualTo(1_100);
  }
}
