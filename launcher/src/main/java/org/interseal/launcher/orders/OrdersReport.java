package org.interseal.launcher.orders;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import java.util.TreeMap;
import org.interseal.launcher.Percentiles;

/**
 * What became of a file of orders.
 *
 * @param orders how many there were
 * @param accepted how many were settled at the payee
 * @param rejected how many were rejected, by reason
 * @param unanswered how many had no final answer in time
 * @param latencyMillis from submitting until the payee's notification is in its mailbox
 * @param paymentsPerSecond accepted payments over the time from the first submission to the last
 *     answer
 * @param totalsBefore customers' money and money in flight over all banks, by currency in minor
 *     units
 * @param totalsAfter the same afterwards
 * @param conserved whether the two are equal and every account that takes part holds what was paid
 *     in and what its orders moved
 */
@JsonPropertyOrder({
  "orders",
  "accepted",
  "rejected",
  "unanswered",
  "latencyMillis",
  "paymentsPerSecond",
  "totalsBefore",
  "totalsAfter",
  "conserved"
})
record OrdersReport(
    int orders,
    int accepted,
    Map<String, Integer> rejected,
    int unanswered,
    Percentiles latencyMillis,
    long paymentsPerSecond,
    Map<String, Long> totalsBefore,
    Map<String, Long> totalsAfter,
    boolean conserved) {
  private static final int NOT_GOOD = 1;

  OrdersReport {
    rejected = new TreeMap<>(rejected);
    totalsBefore = new TreeMap<>(totalsBefore);
    totalsAfter = new TreeMap<>(totalsAfter);
  }

  /** The command's: 0 when every order was answered and moved exactly what it says, once. */
  int exitCode() {
    return unanswered == 0 && conserved ? 0 : NOT_GOOD;
  }
}
