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
    assertThat(report(0, 0, true).verified(true).good(true)).isTrue();
  }

  @Test
  void isNotGoodWhenAnythingIs() {
    assertThat(report(1, 0, true).verified(true).good(true)).isFalse();
    assertThat(report(0, 1, true).verified(true).good(true)).isFalse();
    assertThat(report(0, 0, false).verified(true).good(true)).isFalse();
    assertThat(report(0, 0, true).verified(false).good(true)).isFalse();
    assertThat(report(0, 0, true, "ended by itself").verified(true).good(true)).isFalse();
  }

  @Test
  void isNotGoodWhenNothingWasTried() {
    assertThat(tried(3, 2).good(true)).isTrue();
    assertThat(tried(0, 2).good(true)).as("no kill").isFalse();
    assertThat(tried(0, 2).good(false)).as("no kill was asked for").isTrue();
    assertThat(tried(3, 1).good(true)).as("all payments rejected").isFalse();
    assertThat(tried(3, 0).good(true)).as("no payments").isFalse();
  }

  private static ChaosReport tried(int kills, int payments) {
    return new ChaosReport(
        kills,
        payments,
        0,
        0,
        0,
        true,
        true,
        7,
        0,
        0,
        TakeOvers.of(List.of()),
        0,
        payments == 0 ? Map.of() : Map.of("AM04", 1),
        List.of());
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
