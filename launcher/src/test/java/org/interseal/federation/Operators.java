package org.interseal.federation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.CustomerMoney;
import org.interseal.launcher.federation.OperatorClient;
import org.interseal.launcher.federation.OwnerOnlySecret;
import tools.jackson.databind.JsonNode;

/** What the operators of a running federation's banks read and post at their servers. */
record Operators(Federation federation, List<BankPorts> banks) {
  /** What is read at the bank's first server. */
  JsonNode read(BankId bank, String path) throws IOException, InterruptedException {
    return read(server(bank), path);
  }

  JsonNode read(URI server, String path) throws IOException, InterruptedException {
    return client().get(URI.create(server + path));
  }

  /** What is posted to the bank's first server; the status of the answer. */
  int post(BankId bank, String path, String body) throws Exception {
    return caller().posts(URI.create(server(bank) + path), body).statusCode();
  }

  /** The health of the bank's first server in full, whatever the status of the answer. */
  String health(BankId bank) throws Exception {
    HttpRequest request =
        caller()
            .calls(URI.create(server(bank) + "/actuator/health"))
            .header("Accept", "application/json")
            .build();
    return federation.http().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** Customers' money, money in flight and money in suspense of all banks, minor units. */
  long totalMinor() throws IOException, InterruptedException {
    return CustomerMoney.total(client(), banks).getOrDefault(Federation.CZK.value(), 0L);
  }

  /** Height of the bank's chain as its server has it. */
  long height(BankId bank) throws Exception {
    return ledger(bank).path("height").asLong();
  }

  /** What the bank's server does: {@code Writing}, {@code Halted}, … */
  String phase(BankId bank) throws Exception {
    return ledger(bank).path("phase").asString();
  }

  /** How many pieces of evidence against other banks the ledger keeps. */
  long evidence(BankId bank) throws Exception {
    long sum = 0;
    for (var kind : ledger(bank).path("evidence").properties()) {
      sum += kind.getValue().asLong();
    }
    return sum;
  }

  /** How many messages the bank set aside, for whatever reason. */
  long setAside(BankId bank) throws Exception {
    return counted(bank, "interseal.set.aside");
  }

  /** How many decisions of the bank's ledger ended so. */
  long outcomes(BankId bank, String outcome) throws Exception {
    return counted(bank, "interseal.payments?tag=outcome:" + outcome);
  }

  /** A counter of a bank's server; 0 before it first counted. */
  private long counted(BankId bank, String meter) throws Exception {
    try {
      return (long)
          read(bank, "/actuator/metrics/" + meter)
              .path("measurements")
              .path(0)
              .path("value")
              .asDouble(0);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).endsWith("404")) {
        return 0;
      }
      throw e;
    }
  }

  private JsonNode ledger(BankId bank) throws IOException, InterruptedException {
    return read(bank, "/actuator/ledger");
  }

  private URI server(BankId bank) {
    return federation.ports(bank).operations();
  }

  private Caller caller() {
    return new Caller(federation.http(), "operator", federation.directory().operatorPassword());
  }

  private OperatorClient client() throws IOException {
    return new OperatorClient(
        federation.http(), OwnerOnlySecret.read(federation.directory().operatorPassword()));
  }
}
