package org.interseal.launcher.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.OperatorClient;
import tools.jackson.databind.JsonNode;

/**
 * What was spent up to a moment.
 *
 * @param banks CPU time of the banks' processes
 * @param clients CPU time of this process
 * @param crypto the servers' costly cryptographic operations, by name
 */
record Cost(Duration banks, Duration clients, Map<String, Double> crypto) {
  private static final String CRYPTO_METRIC = "/actuator/metrics/interseal.crypto.operations";

  Cost {
    crypto = Map.copyOf(crypto);
  }

  static Cost now(FederationProcess federation, OperatorClient operator)
      throws IOException, InterruptedException {
    Duration banks = federation.cpu();
    Duration clients = FederationProcess.cpu(ProcessHandle.current());
    return new Cost(banks, clients, crypto(federation.banks(), operator));
  }

  private static Map<String, Double> crypto(List<BankPorts> banks, OperatorClient operator)
      throws IOException, InterruptedException {
    Map<String, Double> counts = new TreeMap<>();
    for (BankPorts bank : banks) {
      for (URI server : bank.servers()) {
        crypto(server, operator).forEach((op, count) -> counts.merge(op, count, Double::sum));
      }
    }
    return counts;
  }

  private static Map<String, Double> crypto(URI server, OperatorClient operator)
      throws IOException, InterruptedException {
    Map<String, Double> counts = new TreeMap<>();
    JsonNode metric = operator.get(server.resolve(CRYPTO_METRIC));
    for (JsonNode tag : metric.path("availableTags")) {
      if (tag.path("tag").asString().equals("op")) {
        for (JsonNode value : tag.path("values")) {
          String op = value.asString();
          JsonNode ofOp = operator.get(server.resolve(CRYPTO_METRIC + "?tag=op:" + op));
          counts.merge(op, ofOp.path("measurements").path(0).path("value").asDouble(), Double::sum);
        }
      }
    }
    return counts;
  }

  /** Cryptographic operations since {@code before}, for each of so many payments. */
  Map<String, Double> cryptoPerPayment(Cost before, int payments) {
    Map<String, Double> each = new TreeMap<>();
    crypto.forEach((op, count) ->
        each.put(op, rounded((count - before.crypto.getOrDefault(op, 0.0)) / payments)));
    return each;
  }

  /** Seconds for each of so many payments. */
  static double secondsEach(Duration before, Duration after, int payments) {
    return rounded(after.minus(before).toNanos() / 1e9 / payments);
  }

  /** Six decimal places. */
  static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }
}
