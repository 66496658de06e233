package org.interseal.launcher.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.interseal.client.PaymentOutcome;
import org.interseal.client.Reply;
import org.interseal.identity.BankId;
import org.interseal.launcher.Percentiles;
import org.interseal.launcher.ProgressBar;
import org.interseal.launcher.federation.CustomerMoney;
import org.interseal.launcher.federation.OperatorClient;
import org.interseal.protocol.message.DeviceNotice;

/** A warm-up, a measured phase between two moments of quiet, and the account of both. */
final class LoadRun {
  private static final Duration BALANCE_LIMIT = Duration.ofSeconds(60);
  private static final long QUIET_NANOS = 1_000_000_000L;
  private static final int MAX_WAITS_FOR_QUIET = 30;

  private final FederationProcess federation;
  private final OperatorClient operator;
  private final Path store;
  private final Map<BankId, List<Customer>> customers;
  private final PaymentLoad load;
  private final IntFunction<ProgressBar> progress;

  LoadRun(
      FederationProcess federation,
      OperatorClient operator,
      Path store,
      Map<BankId, List<Customer>> customers,
      PaymentLoad load,
      IntFunction<ProgressBar> progress) {
    this.federation = federation;
    this.operator = operator;
    this.store = store;
    this.customers = new HashMap<>(customers);
    this.load = load;
    this.progress = progress;
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
    servicesAfter.forEach(
        (service, cpu) ->
            System.err.printf(
                "%-28s %.3f ms of CPU for each payment%n",
                service,
                1e3 * Cost.secondsEach(servicesBefore.getOrDefault(service, Duration.ZERO), cpu, payments)));

    List<TrackedPayment> settled = measured.stream().filter(TrackedPayment::wasNotified).toList();
    Map<String, Double> rows = new TreeMap<>();
    rowsAfter.forEach(
        (table, count) ->
            rows.put(table, Cost.rounded((count - rowsBefore.getOrDefault(table, 0L)) / (double) payments)));
    Account account = Account.of(all, balances());
    Map<String, Long> totalsAfter = CustomerMoney.total(operator, federation.banks());
    return new LoadReport(
        payments,
        Math.round(settled.size() * 1e10 / Math.max(1, endNanos - startNanos)) / 10.0,
        Percentiles.of(settled.stream().mapToLong(TrackedPayment::latencyMillis).toArray()),
        Cost.secondsEach(before.banks(), after.banks(), payments),
        Cost.secondsEach(before.clients(), after.clients(), payments),
        after.cryptoPerPayment(before, payments),
        Cost.rounded(rows.values().stream().mapToDouble(Double::doubleValue).sum()),
        rows,
        account.rejected(),
        account.unanswered(),
        account.lost(),
        account.doubled(),
        account.conserved() && totalsBefore.equals(totalsAfter) && !totalsAfter.isEmpty());
  }

  /** The rows once nothing is written any more. */
  private Map<String, Long> quietRows() throws IOException, InterruptedException {
    Map<String, Long> rows = StoredRows.count(store);
    for (int waits = 0; waits < MAX_WAITS_FOR_QUIET; waits++) {
      LockSupport.parkNanos(QUIET_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Map<String, Long> again = StoredRows.count(store);
      if (again.equals(rows)) {
        return again;
      }
      rows = again;
    }
    return rows;
  }

  /** What every customer's own device is told of its account. */
  private Map<Customer, Optional<Long>> balances() throws InterruptedException, ExecutionException {
    Map<Customer, CompletableFuture<Optional<Long>>> asked = new HashMap<>();
    customers
        .values()
        .forEach(
            ofBank ->
                ofBank.forEach(
                    customer ->
                        asked.put(
                            customer,
                            customer
                                .device()
                                .balance(customer.party().account(), BALANCE_LIMIT)
                                .thenApply(LoadRun::booked))));
    Map<Customer, Optional<Long>> balances = new HashMap<>();
    for (Map.Entry<Customer, CompletableFuture<Optional<Long>>> each : asked.entrySet()) {
      balances.put(each.getKey(), each.getValue().get());
    }
    return balances;
  }

  private static Optional<Long> booked(Reply<DeviceNotice.Balance> reply) {
    return switch (reply) {
      case Reply.Answered<DeviceNotice.Balance>(DeviceNotice.Balance balance) ->
          Optional.of(balance.booked().amountMinor());
      case Reply.Refused<DeviceNotice.Balance> _, Reply.Unanswered<DeviceNotice.Balance> _ -> Optional.empty();
    };
  }

  /** What became of all payments, by what payers, payees and accounts say. */
  record Account(Map<String, Integer> rejected, int unanswered, int lost, int doubled, boolean conserved) {
    Account {
      rejected = new TreeMap<>(rejected);
    }

    /**
     * @param booked of each customer's account, empty where nobody answered
     */
    static Account of(List<TrackedPayment> payments, Map<Customer, Optional<Long>> booked) {
      Map<String, Integer> rejected = new TreeMap<>();
      int unanswered = 0;
      int lost = 0;
      int doubled = 0;
      for (TrackedPayment payment : payments) {
        payment.expect();
        switch (payment.outcome().orElseThrow()) {
          case PaymentOutcome.Rejected(var reason, var _) -> rejected.merge(reason.name(), 1, Integer::sum);
          case PaymentOutcome.Unanswered _, PaymentOutcome.Accepted _ -> unanswered++;
          case PaymentOutcome.Settled _ -> {
            // As it should be.
          }
        }
        if (payment.moved() && !payment.wasNotified()) {
          lost++;
        }
        doubled += Math.max(0, payment.notifications() - 1);
      }
      long funded = 0;
      long found = 0;
      for (Map.Entry<Customer, Optional<Long>> each : booked.entrySet()) {
        long expected = each.getKey().expectedMinor().get();
        long minor = each.getValue().orElse(0L);
        funded = Math.addExact(funded, each.getKey().fundedMinor());
        found = Math.addExact(found, minor);
        if (minor < expected) {
          lost++;
        } else if (minor > expected) {
          doubled++;
        }
      }
      return new Account(rejected, unanswered, lost, doubled, funded == found);
    }
  }
}
