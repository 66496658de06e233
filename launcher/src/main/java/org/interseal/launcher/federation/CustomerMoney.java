package org.interseal.launcher.federation;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What customers have, and what is in flight or in suspense for them, as the banks' ledgers say.
 */
public final class CustomerMoney {
  private CustomerMoney() {}

  /** Over all these banks, by currency in minor units. */
  public static Map<String, Long> total(OperatorClient operator, List<BankPorts> banks)
      throws IOException, InterruptedException {
    Map<String, Long> totals = new TreeMap<>();
    for (BankPorts bank : banks) {
      for (int partition = 0; partition < bank.partitions(); partition++) {
        add(
            operator.get(bank.operations().resolve("/actuator/ledger?partition=" + partition)),
            totals);
      }
    }
    return totals;
  }

  private static void add(JsonNode ledger, Map<String, Long> totals) {
    ledger
        .path("customerTotalsMinor")
        .properties()
        .forEach(entry -> totals.merge(entry.getKey(), entry.getValue().asLong(), Math::addExact));
    for (JsonNode own : ledger.path("ownAccounts")) {
      String account = own.path("account").asString();
      if (account.startsWith("in-flight:") || account.equals("suspense")) {
        totals.merge(
            own.path("currency").asString(), own.path("balanceMinor").asLong(), Math::addExact);
      }
    }
  }
}
