package org.interseal.launcher.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.interseal.client.Device;
import org.interseal.client.PaymentInProgress;
import org.interseal.client.PaymentOutcome;
import org.interseal.client.Watch;
import org.interseal.identity.BankId;
import org.interseal.launcher.load.Customer;
import org.interseal.launcher.load.PaymentMaker;
import org.interseal.launcher.load.TrackedPayment;
import org.interseal.protocol.message.DeviceNotice;

/**
 * Payments inside banks and between them, for as long as it is wanted. Each is instructed once: who
 * hears nothing does not ask again, so that nothing that the banks lose is made up for.
 */
final class ChaosLoad implements AutoCloseable {
  /** For what was instructed just before everything went down, too. */
  static final Duration ANSWER_LIMIT = Duration.ofMinutes(3);

  private static final Duration NOTIFICATION_LIMIT = Duration.ofMinutes(1);

  private final Map<Customer, Device> devices;
  private final PaymentMaker maker;
  private final SplittableRandom random;
  private final LongestGap gap;
  private final Queue<TrackedPayment> made = new ConcurrentLinkedQueue<>();
  private final Queue<CompletableFuture<Void>> ends = new ConcurrentLinkedQueue<>();
  private final Map<UUID, TrackedPayment> tracked = new ConcurrentHashMap<>();
  private final List<Watch> watches = new ArrayList<>();
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
  private boolean stopped;

  ChaosLoad(
      Map<Customer, Device> devices, PaymentMaker maker, SplittableRandom random, LongestGap gap) {
    this.devices = Map.copyOf(devices);
    this.maker = maker;
    this.random = random;
    this.gap = gap;
    for (Device device : devices.values()) {
      device.onNotice(this::noticed);
      watches.add(device.watch());
    }
  }

  private void noticed(DeviceNotice notice) {
    if (notice instanceof DeviceNotice.CreditReceived credit) {
      TrackedPayment payment = tracked.get(credit.payment().uetr());
      if (payment != null) {
        payment.notified(System.nanoTime());
      }
    }
  }

  /** Keeps so many payments of the bank under way, as many from each of its partitions. */
  void run(BankId bank, int partitions, int atOnce) {
    List<Customer> all = List.copyOf(devices.keySet());
    List<Pairs> pairs = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      BankPartition where = new BankPartition(bank, partition);
      pairs.add(new Pairs(all, where, random.split()));
      gap.begin(where, System.nanoTime());
    }
    for (int i = 0; i < atOnce; i++) {
      payOn(pairs.get(i % partitions));
    }
  }

  private void payOn(Pairs pairs) {
    Pairs.Pair next = pairs.next();
    instruct(next.payer(), next.payee())
        .ifPresent(payment -> {
          var _ = payment.finalOutcome().whenComplete((_, _) -> payOn(pairs));
        });
  }

  /** Instructs one payment; what becomes of it is in {@link #payments}. */
  PaymentInProgress pay(Customer payer, Customer payee) {
    return instruct(payer, payee)
        .orElseThrow(() -> new IllegalStateException("nothing more is instructed"));
  }

  /**
   * Nothing once this was stopped: then {@link #payments} and their ends do not change any more.
   */
  private Optional<PaymentInProgress> instruct(Customer payer, Customer payee) {
    gate.readLock().lock();
    try {
      return stopped ? Optional.empty() : Optional.of(instructed(payer, payee));
    } finally {
      gate.readLock().unlock();
    }
  }

  private void shut() {
    gate.writeLock().lock();
    try {
      stopped = true;
    } finally {
      gate.writeLock().unlock();
    }
  }

  private PaymentInProgress instructed(Customer payer, Customer payee) {
    TrackedPayment payment = maker.make(payer, payee);
    tracked.put(payment.payment().uetr(), payment);
    made.add(payment);
    PaymentInProgress underWay =
        Objects.requireNonNull(devices.get(payer)).pay(payment.payment(), ANSWER_LIMIT);
    var _ =
        underWay
            .firstAnswer()
            .thenAccept(first -> {
              if (posted(first)) {
                gap.posted(BankPartition.of(payer), System.nanoTime());
              }
            });
    ends.add(
        underWay
            .finalOutcome()
            .thenCompose(outcome -> {
              payment.ended(outcome);
              return payment.moved() && !payment.wasNotified()
                  ? payment.arrival().copy().thenAccept(_ -> {})
                  : CompletableFuture.<Void>completedFuture(null);
            }));
    return underWay;
  }

  static boolean posted(PaymentOutcome first) {
    return switch (first) {
      case PaymentOutcome.Accepted _, PaymentOutcome.Settled _ -> true;
      case PaymentOutcome.Rejected _, PaymentOutcome.Unanswered _ -> false;
    };
  }

  /** Instructs nothing more, and waits until every payment has ended or must be taken for lost. */
  void stop() throws InterruptedException {
    shut();
    for (BankPartition each :
        devices.keySet().stream().map(BankPartition::of).distinct().toList()) {
      gap.end(each, System.nanoTime());
    }
    try {
      CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
          .get(ANSWER_LIMIT.plus(NOTIFICATION_LIMIT).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // The audit counts what has not arrived.
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("a payment failed", e.getCause());
    }
  }

  List<TrackedPayment> payments() {
    return List.copyOf(made);
  }

  @Override
  public void close() {
    shut();
    watches.forEach(Watch::close);
  }
}
