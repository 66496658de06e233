package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.interseal.protocol.json.ProtocolJson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A few kills under load. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "services are told apart by /proc")
class ChaosIT {
  private static final String COMPILER_LEVEL = "interseal.services.compiler-level";

  @TempDir Path directory;

  /** Most of the time goes into the starts of JVMs. */
  @BeforeAll
  static void startQuickly() {
    System.setProperty(COMPILER_LEVEL, "1");
  }

  @AfterAll
  static void asUsual() {
    System.clearProperty(COMPILER_LEVEL);
  }

  /** A server that writes, then a gateway, says the plan for that seed. */
  @Test
  void nothingIsLostOrDoubledAndNoProcessIsLeft() throws Exception {
    assertNothingIsLost(2, 2, "299");
  }

  /** All servers at once, too. */
  @Tag("slow")
  @Test
  void nothingIsLostOrDoubledWhenAllServersAreKilled() throws Exception {
    assertNothingIsLost(1, 4, "17");
  }

  private void assertNothingIsLost(int partitions, int kills, String seed) throws Exception {
    Path report = directory.resolve("report.json");
    Printed printed =
        Printed.by(
            List.of(
                "chaos",
                "--minutes",
                "2",
                "--kills",
                Integer.toString(kills),
                "--seed",
                seed,
                "--banks",
                "1",
                "--gateways",
                "1",
                "--customers",
                "4",
                "--partitions",
                Integer.toString(partitions),
                "--at-once",
                "4",
                "--port-base",
                "25600",
                "--report",
                report.toString()));

    assertThat(printed.code()).as(printed.text()).isZero();
    JsonNode figures = ProtocolJson.decode(Files.readString(report), JsonNode.class);
    assertThat(figures.path("kills").asInt()).as(printed.text()).isGreaterThanOrEqualTo(kills);
    assertThat(figures.path("payments").asInt()).isPositive();
    assertThat(figures.path("lost").asInt()).isZero();
    assertThat(figures.path("doubled").asInt()).isZero();
    assertThat(figures.path("longestGapMillis").asLong()).isPositive();
    assertThat(figures.path("conserved").asBoolean()).isTrue();
    assertThat(figures.path("verified").asBoolean()).isTrue();
    assertThat(ProcessHandle.current().descendants().filter(ChaosIT::isService)).isEmpty();
  }

  private static boolean isService(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
          .contains("SeparateService");
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
