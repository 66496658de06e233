package org.interseal.launcher.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.interseal.client.Device;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.CustomerMoney;
import org.interseal.launcher.federation.LocalFederation;
import org.interseal.launcher.load.Customer;
import org.interseal.launcher.load.CustomerBalances;
import org.interseal.launcher.load.PaymentMaker;
import org.interseal.launcher.load.PaymentsAudit;

/** Load and faults over a running federation, and the account of what became of the payments. */
final class ChaosRun {
  /** The first customers of each partition: they pay when a take-over is measured. */
  private static final int PROBERS = 2;

  private static final int LOOKS_AT_MONEY = 50;
  private static final long LOOK_MILLIS = 200;

  private final LocalFederation federation;
  private final Map<Customer, Device> devices;
  private final PaymentMaker maker;
  private final Consumer<String> out;
  private final LongestGap gap = new LongestGap();

  ChaosRun(
      LocalFederation federation,
      Map<Customer, Device> devices,
      PaymentMaker maker,
      Consumer<String> out) {
    this.federation = federation;
    this.devices = devices;
    this.maker = maker;
    this.out = out;
  }

  /**
   * How much is done.
   *
   * @param nanos for so long, or until so many processes were killed
   * @param atOnce payments of each bank under way
   */
  record Terms(
      long seed,
      int servers,
      int gateways,
      long nanos,
      int maxKills,
      boolean takeOversAlone,
      int atOnce) {}

  /** All figures but what verification finds once the federation has stopped. */
  ChaosReport run(Terms terms) throws IOException, InterruptedException, ExecutionException {
    Map<String, Long> before = CustomerMoney.total(federation.operator(), federation.banks());
    ChaosTally tally = new ChaosTally(terms.maxKills());
    try (ChaosLoad load =
        new ChaosLoad(devices, maker, new java.util.SplittableRandom(terms.seed()), gap)) {
      for (BankPorts bank : federation.banks()) {
        load.run(bank.bank(), bank.partitions(), terms.atOnce());
      }
      faults(terms, load, tally);
      out.accept("no more faults: waiting for the last answers");
      load.stop();
      PaymentsAudit audit = PaymentsAudit.of(load.payments(), CustomerBalances.booked(devices));
      return new ChaosReport(
          tally.kills(),
          load.payments().size(),
          audit.lost() + audit.unanswered(),
          audit.doubled(),
          gap.millis(),
          audit.conserved() && moneyIs(before, tally),
          false,
          terms.seed(),
          tally.pauses(),
          tally.restarts(),
          tally.takeOvers(),
          audit.unanswered(),
          audit.rejected(),
          tally.wrong());
    }
  }

  private void faults(Terms terms, ChaosLoad load, ChaosTally tally)
      throws InterruptedException, ExecutionException {
    CountDownLatch stop = new CountDownLatch(1);
    long endNanos = System.nanoTime() + terms.nanos();
    Map<BankProcesses, ChaosPlan> banks = new java.util.LinkedHashMap<>();
    for (BankPorts bank : federation.banks()) {
      banks.put(
          new BankProcesses(
              bank,
              federation.processes().stream().map(Victim::of).toList(),
              federation.operator(),
              probers(bank, load),
              tally,
              out,
              stop),
          new ChaosPlan(
              terms.seed(),
              banks.size(),
              terms.servers(),
              terms.gateways(),
              terms.takeOversAlone()));
    }
    if (terms.takeOversAlone()) {
      // One at a time: another bank's starting servers take the processors that are measured.
      while (tally.goesOn() && System.nanoTime() < endNanos) {
        for (Map.Entry<BankProcesses, ChaosPlan> each : banks.entrySet()) {
          if (tally.goesOn()) {
            each.getKey().perform(each.getValue().next());
          }
        }
      }
    } else {
      inParallel(banks, tally, endNanos);
    }
    for (BankProcesses bank : banks.keySet()) {
      bank.reviveTheDead();
    }
  }

  /** One for each partition. */
  private List<Prober> probers(BankPorts bank, ChaosLoad load) {
    List<Prober> probers = new ArrayList<>();
    for (int partition = 0; partition < bank.partitions(); partition++) {
      BankPartition here = new BankPartition(bank.bank(), partition);
      List<Customer> own =
          devices.keySet().stream()
              .filter(customer -> BankPartition.of(customer).equals(here))
              .limit(PROBERS)
              .toList();
      probers.add(new Prober(load, own.getFirst(), own.getLast()));
    }
    return probers;
  }

  private static void inParallel(
      Map<BankProcesses, ChaosPlan> banks, ChaosTally tally, long endNanos)
      throws InterruptedException, ExecutionException {
    try (ExecutorService drivers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      banks.forEach((bank, plan) ->
          all.add(
              drivers.submit(() -> {
                while (tally.goesOn() && System.nanoTime() < endNanos) {
                  bank.perform(plan.next());
                }
                return bank;
              })));
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  /** Whether the banks' books hold what was paid in, once those who follow have caught up. */
  private boolean moneyIs(Map<String, Long> before, ChaosTally tally) throws InterruptedException {
    Map<String, Long> now = new TreeMap<>();
    String problem = "";
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < LOOKS_AT_MONEY && !now.equals(before); i++) {
      try {
        now = CustomerMoney.total(federation.operator(), federation.banks());
      } catch (IOException e) {
        problem = e.getMessage();
      }
      var _ = never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (now.isEmpty()) {
      tally.wrong("nobody says what the banks' books hold: " + problem);
    }
    return now.equals(before) && !now.isEmpty();
  }
}
