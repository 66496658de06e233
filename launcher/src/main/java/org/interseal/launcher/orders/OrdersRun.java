package org.interseal.launcher.orders;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.interseal.client.Device;
import org.interseal.client.PaymentOutcome;
import org.interseal.client.Watch;
import org.interseal.identity.BankId;
import org.interseal.launcher.Percentiles;
import org.interseal.launcher.ProgressBar;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.TellerClient;
import org.interseal.launcher.fleet.DeviceFleet;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.DeviceNotice;

/**
 * Plays a file of orders through a running federation: opens, funds, links, submits, and waits for
 * every answer.
 */
final class OrdersRun {
  private static final Duration LINK_LIMIT = Duration.ofMinutes(2);
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);
  private static final Duration NOTIFICATION_LIMIT = Duration.ofSeconds(30);

  private final Map<BankId, BankPorts> banks;
  private final Map<BankId, TellerClient> tellers;
  private final DeviceFleet fleet;
  private final Totals totals;
  private final InstantSource clock;
  private final PrintStream out;
  private final boolean terminal;

  OrdersRun(
      Map<BankId, BankPorts> banks,
      Map<BankId, TellerClient> tellers,
      DeviceFleet fleet,
      Totals totals,
      InstantSource clock,
      PrintStream out,
      boolean terminal) {
    this.banks = Map.copyOf(banks);
    this.tellers = Map.copyOf(tellers);
    this.fleet = fleet;
    this.totals = totals;
    this.clock = clock;
    this.out = out;
    this.terminal = terminal;
  }

  /** An account that takes part, and what it must hold before the first order. */
  private record Participant(BankId bank, long number, String name, Iban account, Money funds) {}

  OrdersReport run(List<PaymentOrder> orders, LocalDate executionDate)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Map<Iban, Participant> participants = participants(orders);
    fleet.prepare(List.copyOf(participants.keySet()));
    Map<Iban, Device> devices = link(participants.values());
    Map<UUID, CompletableFuture<Long>> arrivals = new ConcurrentHashMap<>();
    orders.forEach(order -> arrivals.put(order.uetr(), new CompletableFuture<>()));
    List<Watch> watches = new ArrayList<>();
    try {
      for (Iban payee : orders.stream().map(PaymentOrder::creditorAccount).distinct().toList()) {
        Device device = devices.get(payee);
        if (device != null) {
          device.onNotice(notice -> arrived(notice, arrivals));
          watches.add(device.watch());
        }
      }
      Map<String, Long> before = totals.now();
      return submit(orders, executionDate, devices, arrivals, before);
    } finally {
      watches.forEach(Watch::close);
    }
  }

  private void arrived(DeviceNotice notice, Map<UUID, CompletableFuture<Long>> arrivals) {
    if (notice instanceof DeviceNotice.CreditReceived credit) {
      CompletableFuture<Long> arrival = arrivals.get(credit.payment().uetr());
      if (arrival != null) {
        arrival.complete(System.nanoTime());
      }
    }
  }

  private static Map<Iban, Participant> participants(List<PaymentOrder> orders) {
    Map<Iban, Participant> all = new LinkedHashMap<>();
    Map<Iban, Long> funds = new LinkedHashMap<>();
    for (PaymentOrder order : orders) {
      funds.merge(order.debtorAccount(), order.amount().amountMinor(), Math::addExact);
    }
    for (PaymentOrder order : orders) {
      Iban payer = order.debtorAccount();
      all.putIfAbsent(
          payer,
          new Participant(
              PaymentOrder.HOME,
              order.accountId(),
              PaymentOrder.debtorName(order.accountId()),
              payer,
              new Money(funds.getOrDefault(payer, 0L), PaymentOrder.CURRENCY)));
      Iban payee = order.creditorAccount();
      all.putIfAbsent(
          payee,
          new Participant(
              order.creditorBank(),
              order.accountTo(),
              PaymentOrder.creditorName(order.accountTo()),
              payee,
              new Money(0, PaymentOrder.CURRENCY)));
    }
    return all;
  }

  private Map<Iban, Device> link(Collection<Participant> participants)
      throws InterruptedException, ExecutionException {
    ProgressBar progress =
        new ProgressBar(out, terminal, "accounts and devices", participants.size());
    Map<Iban, Device> devices = new ConcurrentHashMap<>();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (Participant participant : participants) {
      all.add(
          link(participant)
              .thenAccept(device -> {
                devices.put(participant.account(), device);
                progress.step();
              }));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
    return devices;
  }

  private CompletableFuture<Device> link(Participant participant) {
    TellerClient teller = tellers.get(participant.bank());
    BankPorts ports = banks.get(participant.bank());
    if (teller == null || ports == null) {
      throw new IllegalStateException("the federation lacks the bank " + participant.bank());
    }
    String key = participant.account().value();
    CompletableFuture<Iban> opened =
        teller.openAccount(
            participant.name(), PaymentOrder.CURRENCY.value(), participant.number(), "open-" + key);
    CompletableFuture<Iban> funded =
        participant.funds().isPositive()
            ? opened.thenCompose(account ->
                teller
                    .cashIn(account, participant.funds(), "fund-" + key, "fund-" + key)
                    .thenApply(_ -> account))
            : opened;
    return funded
        .thenCompose(account -> teller.activationCode(account, "code-" + key))
        .thenCompose(
            code -> fleet.linked(participant.bank(), List.of(ports.gateway()), code, LINK_LIMIT));
  }

  private OrdersReport submit(
      List<PaymentOrder> orders,
      LocalDate executionDate,
      Map<Iban, Device> devices,
      Map<UUID, CompletableFuture<Long>> arrivals,
      Map<String, Long> before)
      throws IOException, InterruptedException, ExecutionException {
    ProgressBar progress = new ProgressBar(out, terminal, "orders", orders.size());
    long[] submittedNanos = new long[orders.size()];
    List<CompletableFuture<PaymentOutcome>> outcomes = new ArrayList<>();
    long startNanos = System.nanoTime();
    for (int i = 0; i < orders.size(); i++) {
      PaymentOrder order = orders.get(i);
      Device payer = Optional.ofNullable(devices.get(order.debtorAccount())).orElseThrow();
      submittedNanos[i] = System.nanoTime();
      outcomes.add(
          payer
              .payAndWait(order.payment(executionDate), ANSWER_LIMIT)
              .whenComplete((_, _) -> progress.step()));
    }
    CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)).get();
    long endNanos = System.nanoTime();

    int accepted = 0;
    int unanswered = 0;
    Map<String, Integer> rejected = new TreeMap<>();
    List<Long> latencies = new ArrayList<>();
    long notificationsUntil = clock.millis() + NOTIFICATION_LIMIT.toMillis();
    for (int i = 0; i < orders.size(); i++) {
      switch (outcomes.get(i).get()) {
        case PaymentOutcome.Settled _ -> {
          accepted++;
          CompletableFuture<Long> arrival =
              arrivals.getOrDefault(orders.get(i).uetr(), new CompletableFuture<>());
          Optional<Long> arrivedNanos = within(arrival, notificationsUntil - clock.millis());
          if (arrivedNanos.isEmpty()) {
            unanswered++;
          } else if (arrivedNanos.get() > submittedNanos[i]) {
            latencies.add((arrivedNanos.get() - submittedNanos[i]) / 1_000_000);
          }
        }
        case PaymentOutcome.Rejected(var reason, var _) ->
            rejected.merge(reason.name(), 1, Integer::sum);
        case PaymentOutcome.Accepted _, PaymentOutcome.Unanswered _ -> unanswered++;
      }
    }
    Map<String, Long> after = totals.now();
    double seconds = Math.max(1, endNanos - startNanos) / 1e9;
    return new OrdersReport(
        orders.size(),
        accepted,
        rejected,
        unanswered,
        Percentiles.of(latencies.stream().mapToLong(Long::longValue).toArray()),
        Math.round(accepted / seconds),
        before,
        after,
        before.equals(after));
  }

  private static Optional<Long> within(CompletableFuture<Long> arrival, long millis)
      throws InterruptedException, ExecutionException {
    try {
      return Optional.of(arrival.get(Math.max(0, millis), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    }
  }
}
