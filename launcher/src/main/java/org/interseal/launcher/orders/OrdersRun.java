package org.interseal.launcher.orders;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
import org.interseal.client.PaymentOutcome;
import org.interseal.client.Watch;
import org.interseal.launcher.Percentiles;
import org.interseal.launcher.ProgressBar;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;

/**
 * Plays a file of orders through a running federation: opens, funds, links, submits, and waits for
 * every answer.
 */
final class OrdersRun {
  private static final Duration NOTIFICATION_LIMIT = Duration.ofSeconds(30);
  private static final int MAX_COMPLAINTS_SHOWN = 20;

  /**
   * For so many days an order is surely remembered by its bank, 30 days by the ledger's time, and
   * may be submitted again with a date that is in time.
   */
  static final int REMEMBERED_DAYS = 28;

  private final OrdersBanks banks;
  private final OrdersJournal journal;
  private final InstantSource clock;
  private final PrintStream out;
  private final boolean terminal;

  OrdersRun(
      OrdersBanks banks,
      OrdersJournal journal,
      InstantSource clock,
      PrintStream out,
      boolean terminal) {
    this.banks = banks;
    this.journal = journal;
    this.clock = clock;
    this.out = out;
    this.terminal = terminal;
  }

  OrdersReport run(List<PaymentOrder> orders)
      throws IOException, InterruptedException, ExecutionException {
    long startedMillis = clock.millis();
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    List<Payment> payments = orders.stream().map(order -> dated(order, today)).toList();
    Map<Iban, Participant> participants = participants(orders);
    banks.prepare(List.copyOf(participants.keySet()));
    open(participants, fundings(payments));
    Map<UUID, CompletableFuture<Long>> arrivals = new ConcurrentHashMap<>();
    payments.forEach(payment -> arrivals.put(payment.uetr(), new CompletableFuture<>()));
    List<Watch> watches = new ArrayList<>();
    try {
      for (Iban payee : orders.stream().map(PaymentOrder::creditorAccount).distinct().toList()) {
        watches.add(banks.watch(payee, uetr -> arrived(uetr, arrivals)));
      }
      Map<String, Long> before = banks.totals();
      return submit(payments, arrivals, before, participants.keySet(), startedMillis);
    } finally {
      watches.forEach(Watch::close);
    }
  }

  /**
   * An order that was never submitted, or whose answer the bank remembers, is dated today: it is
   * the same order on any day. An older one keeps its date, so that a bank that has forgotten it
   * refuses it as late instead of paying twice.
   */
  private Payment dated(PaymentOrder order, LocalDate today) {
    LocalDate first = journal.firstDate(order.uetr()).orElse(today);
    return order.payment(first.plusDays(REMEMBERED_DAYS).isBefore(today) ? first : today);
  }

  private static void arrived(UUID uetr, Map<UUID, CompletableFuture<Long>> arrivals) {
    CompletableFuture<Long> arrival = arrivals.get(uetr);
    if (arrival != null) {
      arrival.complete(System.nanoTime());
    }
  }

  private static Map<Iban, Participant> participants(List<PaymentOrder> orders) {
    Map<Iban, Participant> all = new LinkedHashMap<>();
    for (PaymentOrder order : orders) {
      all.putIfAbsent(order.debtorAccount(), Participant.payer(order));
      all.putIfAbsent(order.creditorAccount(), Participant.payee(order));
    }
    return all;
  }

  /** What each payer still needs for all orders that were ever submitted, and these. */
  private Map<Iban, List<OrdersJournal.Funding>> fundings(List<Payment> payments)
      throws IOException {
    Map<Iban, Long> required = new LinkedHashMap<>();
    for (Payment payment : payments) {
      required.merge(
          payment.debtor().account(),
          journal.firstDate(payment.uetr()).isPresent() ? 0 : payment.amount().amountMinor(),
          Math::addExact);
    }
    for (OrdersJournal.Entry order : journal.orders()) {
      required.computeIfPresent(order.debtor(), (_, sum) -> Math.addExact(sum, order.minor()));
    }
    return journal.fund(required);
  }

  private void open(
      Map<Iban, Participant> participants, Map<Iban, List<OrdersJournal.Funding>> fundings)
      throws IOException, InterruptedException, ExecutionException {
    ProgressBar progress =
        new ProgressBar(out, terminal, "accounts and devices", participants.size());
    List<CompletableFuture<Void>> all = new ArrayList<>();
    Map<Iban, Long> paidIn = new HashMap<>();
    for (Participant participant : participants.values()) {
      List<OrdersJournal.Funding> cash = fundings.getOrDefault(participant.account(), List.of());
      if (!cash.isEmpty()) {
        paidIn.put(participant.account(), cash.getLast().totalMinor());
      }
      CompletableFuture<Void> funded = banks.open(participant);
      for (OrdersJournal.Funding each : cash) {
        funded =
            funded.thenCompose(_ ->
                banks.cashIn(
                    participant,
                    new Money(each.minor(), PaymentOrder.CURRENCY),
                    "fund-" + participant.account().value() + "-" + each.number()));
      }
      all.add(funded.thenCompose(_ -> banks.link(participant)).thenRun(progress::step));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
    journal.funded(paidIn);
  }

  private OrdersReport submit(
      List<Payment> payments,
      Map<UUID, CompletableFuture<Long>> arrivals,
      Map<String, Long> before,
      Collection<Iban> accounts,
      long startedMillis)
      throws IOException, InterruptedException, ExecutionException {
    ProgressBar progress = new ProgressBar(out, terminal, "orders", payments.size());
    long[] submittedNanos = new long[payments.size()];
    List<CompletableFuture<PaymentOutcome>> outcomes = new ArrayList<>();
    journal.submit(payments);
    long startNanos = System.nanoTime();
    for (int i = 0; i < payments.size(); i++) {
      submittedNanos[i] = System.nanoTime();
      outcomes.add(banks.pay(payments.get(i)).whenComplete((_, _) -> progress.step()));
    }
    CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)).get();
    long endNanos = System.nanoTime();

    int accepted = 0;
    int unanswered = 0;
    Map<String, Integer> rejected = new TreeMap<>();
    Map<UUID, OrdersJournal.Ending> endings = new HashMap<>();
    List<Long> latencies = new ArrayList<>();
    long notificationsUntil = clock.millis() + NOTIFICATION_LIMIT.toMillis();
    for (int i = 0; i < payments.size(); i++) {
      UUID uetr = payments.get(i).uetr();
      switch (outcomes.get(i).get()) {
        case PaymentOutcome.Settled(var status) -> {
          accepted++;
          endings.put(uetr, OrdersJournal.Ending.SETTLED);
          // Of what an earlier run settled the notification may have expired.
          boolean earlier = status.ledgerTimeMillis() < startedMillis;
          Optional<Long> arrivedNanos =
              within(
                  arrivals.getOrDefault(uetr, new CompletableFuture<>()),
                  earlier ? 0 : notificationsUntil - clock.millis());
          if (arrivedNanos.isEmpty()) {
            unanswered += earlier ? 0 : 1;
          } else if (arrivedNanos.get() > submittedNanos[i]) {
            latencies.add((arrivedNanos.get() - submittedNanos[i]) / 1_000_000);
          }
        }
        case PaymentOutcome.Rejected(var reason, var _) -> {
          rejected.merge(reason.name(), 1, Integer::sum);
          // Late is what the bank has forgotten, too: it may have been settled long ago.
          if (reason != ReasonCode.DT01) {
            endings.put(uetr, OrdersJournal.Ending.REJECTED);
          }
        }
        case PaymentOutcome.Accepted _, PaymentOutcome.Unanswered _ -> unanswered++;
      }
    }
    journal.ended(endings);
    AccountsAudit audit = AccountsAudit.of(journal, booked(accounts));
    audit.complaints().stream().limit(MAX_COMPLAINTS_SHOWN).forEach(out::println);
    Map<String, Long> after = banks.totals();
    double seconds = Math.max(1, endNanos - startNanos) / 1e9;
    return new OrdersReport(
        payments.size(),
        accepted,
        rejected,
        unanswered,
        Percentiles.of(latencies.stream().mapToLong(Long::longValue).toArray()),
        Math.round(accepted / seconds),
        before,
        after,
        before.equals(after) && audit.good());
  }

  private Map<Iban, Optional<Long>> booked(Collection<Iban> accounts)
      throws InterruptedException, ExecutionException {
    Map<Iban, CompletableFuture<Optional<Long>>> asked = new LinkedHashMap<>();
    accounts.forEach(account -> asked.put(account, banks.bookedMinor(account)));
    Map<Iban, Optional<Long>> booked = new LinkedHashMap<>();
    for (Map.Entry<Iban, CompletableFuture<Optional<Long>>> each : asked.entrySet()) {
      booked.put(each.getKey(), each.getValue().get());
    }
    return booked;
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
