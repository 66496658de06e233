package org.interseal.launcher.load;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import java.util.TreeMap;
import org.interseal.launcher.Percentiles;

/**
 * What a bounded load did to two banks. What the warm-up cost is in none of the figures; what it
 * lost or doubled is.
 *
 * @param payments instructed in the measured phase
 * @param paymentsPerSecond settled ones over the time from the first submission to the last
 *     notification
 * @param rawInsertsPerSecond rows of the size of a transaction that the same store took afterwards,
 *     in batches, from nobody else
 * @param latencyMillis from submitting, or from when it was due in an open loop, until the payee's
 *     notification is in its mailbox
 * @param bankCpuSecondsPerPayment of all processes of both banks and the authority
 * @param clientCpuSecondsPerPayment of the process that plays all devices
 * @param cryptoOperationsPerPayment of both banks' servers
 * @param storeRowsPerPayment rows that all tables of all databases grew by
 * @param lost accepted payments without a notification, or accounts that lack money
 * @param doubled notifications beyond one per payment, and accounts with too much money
 * @param rejected by reason
 * @param conserved whether no money appeared or vanished
 */
@JsonPropertyOrder({
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
  "conserved"
})
record LoadReport(
    int payments,
    double paymentsPerSecond,
    double rawInsertsPerSecond,
    Percentiles latencyMillis,
    double bankCpuSecondsPerPayment,
    double clientCpuSecondsPerPayment,
    Map<String, Double> cryptoOperationsPerPayment,
    double storeRowsPerPayment,
    Map<String, Double> storeRowsPerPaymentByTable,
    Map<String, Integer> rejected,
    int unanswered,
    int lost,
    int doubled,
    boolean conserved) {
  LoadReport {
    cryptoOperationsPerPayment = new TreeMap<>(cryptoOperationsPerPayment);
    storeRowsPerPaymentByTable = new TreeMap<>(storeRowsPerPaymentByTable);
    rejected = new TreeMap<>(rejected);
  }

  /** Whether every payment had exactly the effect that its payer was told of. */
  boolean good() {
    return lost == 0 && doubled == 0 && conserved && unanswered == 0;
  }
}
