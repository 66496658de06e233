package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.interseal.launcher.Interseal;
import org.interseal.protocol.json.ProtocolJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The main job, as it is called from the command line. */
class OrdersIT {
  private static final int GENERATED = 60;
  private static final List<String> BANKS = List.of("AB", "CD", "EF", "GH");
  private static final Path REAL = Path.of("..", "..", "shared", "data", "payment-orders-1000.csv");

  @TempDir Path folder;

  @Test
  void ordersAreSettledOnceHoweverOftenTheFileIsRun() throws Exception {
    Path orders = Files.write(folder.resolve("orders.csv"), generated());
    JsonNode first = run(orders, folder.resolve("data"));
    assertReport(first, GENERATED);
    JsonNode second = run(orders, folder.resolve("data"));
    assertReport(second, GENERATED);
    assertThat(second.path("totalsBefore")).isEqualTo(first.path("totalsAfter"));
    Files.writeString(orders, "added,3,AB,70001,12.34,SIPO\n", StandardOpenOption.APPEND);
    assertReport(run(orders, folder.resolve("data")), GENERATED + 1);
    OfflineVerification.assertSound(folder.resolve("data"));
  }

  @Test
  void theRealOrdersAreAllAnswered() throws Exception {
    assumeTrue(Files.exists(REAL), "the real payment orders are not here: " + REAL);
    JsonNode report = run(REAL, folder.resolve("real"));
    assertReport(report, 1_000);
    OfflineVerification.assertSound(folder.resolve("real"));
  }

  @Test
  void aMalformedLineIsNamedBeforeAnythingIsSent() throws Exception {
    List<String> lines = new ArrayList<>(generated());
    lines.set(7, "o7,1,AB,77,12.345,SIPO");
    Path orders = Files.write(folder.resolve("bad.csv"), lines);
    String complaints =
        errorsOf("orders", orders.toString(), "--data", folder.resolve("none").toString());
    assertThat(complaints).contains("line 8").contains("amount").contains("Nothing was sent");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  private static String errorsOf(String... arguments) {
    java.io.PrintStream before = System.err;
    java.io.ByteArrayOutputStream captured = new java.io.ByteArrayOutputStream();
    System.setErr(new java.io.PrintStream(captured, true, java.nio.charset.StandardCharsets.UTF_8));
    try {
      assertThat(Interseal.execute(arguments)).isNotZero();
    } finally {
      System.setErr(before);
    }
    return captured.toString(java.nio.charset.StandardCharsets.UTF_8);
  }

  private JsonNode run(Path orders, Path data) throws Exception {
    Path report = folder.resolve("report.json");
    int code =
        Interseal.execute(
            "orders", orders.toString(), "--data", data.toString(), "--report", report.toString());
    assertThat(code).as("exit code").isZero();
    return ProtocolJson.decode(Files.readString(report), JsonNode.class);
  }

  private static void assertReport(JsonNode report, int orders) {
    assertThat(report.propertyNames())
        .containsExactlyInAnyOrder(
            "orders",
            "accepted",
            "rejected",
            "unanswered",
            "latencyMillis",
            "paymentsPerSecond",
            "totalsBefore",
            "totalsAfter",
            "conserved");
    assertThat(report.path("latencyMillis").propertyNames())
        .containsExactlyInAnyOrder("p50", "p95", "p99");
    assertThat(report.path("orders").asInt()).isEqualTo(orders);
    assertThat(report.path("accepted").asInt()).isEqualTo(orders);
    assertThat(report.path("rejected").isEmpty()).isTrue();
    assertThat(report.path("unanswered").asInt()).isZero();
    assertThat(report.path("conserved").asBoolean()).isTrue();
    assertThat(report.path("totalsBefore").path("CZK").asLong()).isPositive();
    assertThat(report.path("totalsBefore")).isEqualTo(report.path("totalsAfter"));
  }

  /** Twelve payers, payees at four banks, some orders without a purpose. */
  private static List<String> generated() {
    List<String> lines = new ArrayList<>();
    lines.add("order_id,account_id,bank_to,account_to,amount,k_symbol");
    for (int i = 1; i <= GENERATED; i++) {
      lines.add(
          String.format(
              Locale.ROOT,
              "o%d,%d,%s,%d,%d.%02d,%s",
              i,
              1 + i % 12,
              BANKS.get(i % BANKS.size()),
              70_000 + i % 20,
              100 + i * 7,
              i % 100,
              i % 3 == 0 ? "" : "SIPO"));
    }
    return lines;
  }
}
