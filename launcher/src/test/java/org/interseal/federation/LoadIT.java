package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.interseal.protocol.json.ProtocolJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The figures of {@code interseal load}, of a load so small that they are no measurement. */
class LoadIT {
  private static final int PAYMENTS = 40;
  private static final int PER_SECOND = 20;

  @TempDir Path folder;

  private JsonNode load(String... more) throws Exception {
    Path report = folder.resolve("load.json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "load",
                "--payments",
                Integer.toString(PAYMENTS),
                "--warm-up",
                "10",
                "--customers",
                "3",
                "--report",
                report.toString()));
    arguments.addAll(List.of(more));
    Printed printed = Printed.by(arguments);
    assertThat(printed.code()).as(printed.text()).isZero();
    assertThat(printed.text()).containsPattern("lost +0\\n").containsPattern("conserved +yes\\n");
    return ProtocolJson.decode(Files.readString(report), JsonNode.class);
  }

  private static void assertFigures(JsonNode report) {
    assertThat(report.propertyNames())
        .containsExactly(
            "payments",
            "paymentsPerSecond",
            "rawInsertsPerSecond",
            "latencyMillis",
            "bankCpuSecondsPerPayment",
            "clientCpuSecondsPerPayment",
            "cryptoOperationsPerPayment",
            "storeRowsPerPayment",
            "storeRowsPerPaymentByTable",
            "rejected",
            "unanswered",
            "lost",
            "doubled",
            "conserved");
    assertThat(report.path("payments").asInt()).isEqualTo(PAYMENTS);
    assertThat(report.path("rejected").isEmpty()).isTrue();
    assertThat(
            List.of(
                report.path("unanswered").asInt(),
                report.path("lost").asInt(),
                report.path("doubled").asInt()))
        .containsOnly(0);
    assertThat(report.path("conserved").asBoolean()).isTrue();
    assertThat(report.path("paymentsPerSecond").asDouble()).isPositive();
    assertThat(report.path("rawInsertsPerSecond").asDouble()).isPositive();
    JsonNode latency = report.path("latencyMillis");
    assertThat(latency.propertyNames()).containsExactly("p50", "p95", "p99");
    assertThat(
            List.of(
                latency.path("p50").asLong(),
                latency.path("p95").asLong(),
                latency.path("p99").asLong()))
        .isSorted()
        .allMatch(millis -> millis > 0);
    assertThat(report.path("bankCpuSecondsPerPayment").asDouble()).isPositive();
    assertThat(report.path("clientCpuSecondsPerPayment").asDouble()).isPositive();
    // The payer's envelope, the transfer and the report between banks, and their openings.
    assertThat(sum(report.path("cryptoOperationsPerPayment"))).isGreaterThan(2);
    double rows = report.path("storeRowsPerPayment").asDouble();
    assertThat(rows).isGreaterThan(1);
    assertThat(sum(report.path("storeRowsPerPaymentByTable")))
        .isEqualTo(rows, org.assertj.core.api.Assertions.within(1e-4));
    assertThat(report.path("storeRowsPerPaymentByTable").propertyNames())
        .anyMatch(table -> table.contains("transactions"));
  }

  private static double sum(JsonNode figures) {
    double sum = 0;
    for (JsonNode each : figures) {
      sum += each.asDouble();
    }
    return sum;
  }

  @Test
  void aClosedLoopReportsItsFigures() throws Exception {
    assertFigures(load("--at-once", "8"));
  }

  @Test
  void anOpenLoopReportsItsFiguresAndKeepsToItsRate() throws Exception {
    JsonNode report = load("--rate", Integer.toString(PER_SECOND));
    assertFigures(report);
    // The last one is due after all but one of the intervals: no machine is fast enough for more.
    assertThat(report.path("paymentsPerSecond").asDouble())
        .isLessThan(PER_SECOND * PAYMENTS / (PAYMENTS - 1.0) + 0.1);
  }
}
