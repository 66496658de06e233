package org.interseal.launcher.load;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.interseal.client.Device;
import org.interseal.identity.BankId;
import org.interseal.launcher.Percentiles;
import org.interseal.launcher.ProgressBar;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.CustomerMoney;
import org.interseal.launcher.federation.FederationStores;
import org.interseal.launcher.federation.OperatorClient;

/** A warm-up, a measured phase between two moments of quiet, and the account of both. */
final class LoadRun {
  private static final long QUIET_NANOS = 1_000_000_000L;
  private static final int MAX_WAITS_FOR_QUIET = 30;

  private final FederationProcess federation;
  private final OperatorClient operator;
  private final FederationStores stores;
  private final Map<Customer, Device> devices;
  private final PaymentLoad load;
  private final IntFunction<ProgressBar> progress;
  private final SecureRandom random;

  LoadRun(
      FederationProcess federation,
      OperatorClient operator,
      FederationStores stores,
      Map<Customer, Device> devices,
      PaymentLoad load,
      IntFunction<ProgressBar> progress,
      SecureRandom random) {
    this.federation = federation;
    this.operator = operator;
    this.stores = stores;
    this.devices = Map.copyOf(devices);
    this.load = load;
    this.progress = progress;
    this.random = random;
  }

  /**
   * @param warmUp payments before anything is measured
   * @param perSecond of an open loop; empty for a closed one
   */
  LoadReport run(int warmUp, int payments, Optional<Double> perSecond)
      throws IOException, InterruptedException, ExecutionException {
    Map<String, Long> totalsBefore = CustomerMoney.total(operator, federation.banks());
    List<TrackedPayment> all = new ArrayList<>();
    if (warmUp > 0) {
      all.addAll(load.run(warmUp, perSecond, progress.apply(warmUp)::step));
    }
    Map<String, Long> rowsBefore = quietRows();
    Map<String, Duration> servicesBefore = federation.cpuByService();
    Cost before = Cost.now(federation, operator);
    long startNanos = System.nanoTime();
    List<TrackedPayment> measured = load.run(payments, perSecond, progress.apply(payments)::step);
    long endNanos = System.nanoTime();
    Cost after = Cost.now(federation, operator);
    Map<String, Duration> servicesAfter = federation.cpuByService();
    Map<String, Long> rowsAfter = quietRows();
    all.addAll(measured);
    servicesAfter.forEach((service, cpu) ->
        System.err.printf(
            "%-28s %.3f ms of CPU for each payment%n",
            service,
            1e3
                * Cost.secondsEach(
                    servicesBefore.getOrDefault(service, Duration.ZERO), cpu, payments)));

    List<TrackedPayment> settled = measured.stream().filter(TrackedPayment::wasNotified).toList();
    Map<String, Double> rows = new TreeMap<>();
    rowsAfter.forEach((table, count) ->
        rows.put(
            table, Cost.rounded((count - rowsBefore.getOrDefault(table, 0L)) / (double) payments)));
    PaymentsAudit audit = PaymentsAudit.of(all, CustomerBalances.booked(devices));
    Map<String, Long> totalsAfter = CustomerMoney.total(operator, federation.banks());
    return new LoadReport(
        payments,
        Math.round(settled.size() * 1e10 / Math.max(1, endNanos - startNanos)) / 10.0,
        new RawInserts(stores, random).perSecond(),
        Percentiles.of(settled.stream().mapToLong(TrackedPayment::latencyMillis).toArray()),
        Cost.secondsEach(before.banks(), after.banks(), payments),
        Cost.secondsEach(before.clients(), after.clients(), payments),
        after.cryptoPerPayment(before, payments),
        Cost.rounded(rows.values().stream().mapToDouble(Double::doubleValue).sum()),
        rows,
        audit.rejected(),
        audit.unanswered(),
        audit.lost(),
        audit.doubled(),
        audit.conserved() && totalsBefore.equals(totalsAfter) && !totalsAfter.isEmpty());
  }

  private List<BankId> bankIds() {
    return federation.banks().stream().map(BankPorts::bank).toList();
  }

  /** The rows once nothing is written any more. */
  private Map<String, Long> quietRows() throws IOException, InterruptedException {
    Map<String, Long> rows = stores.countRows(bankIds());
    for (int waits = 0; waits < MAX_WAITS_FOR_QUIET; waits++) {
      LockSupport.parkNanos(QUIET_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Map<String, Long> again = stores.countRows(bankIds());
      if (again.equals(rows)) {
        return again;
      }
      rows = again;
    }
    return rows;
  }
}
