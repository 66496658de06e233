package org.interseal.launcher.load;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.client.PaymentOutcome;
import org.interseal.protocol.banking.Payment;

/** One payment under way: what its payer and its payee were told of it. */
public final class TrackedPayment {
  private final Payment payment;
  private final Customer payer;
  private final Customer payee;
  private final AtomicInteger notifications = new AtomicInteger();
  private final CompletableFuture<Long> arrivedNanos = new CompletableFuture<>();
  private volatile Optional<PaymentOutcome> outcome = Optional.empty();
  private volatile long dueNanos;

  TrackedPayment(Payment payment, Customer payer, Customer payee) {
    this.payment = payment;
    this.payer = payer;
    this.payee = payee;
  }

  public Payment payment() {
    return payment;
  }

  public Customer payer() {
    return payer;
  }

  /** Its clock starts: it is submitted now, or was due then. */
  public void due(long nanos) {
    dueNanos = nanos;
  }

  /** The payee was notified. */
  public void notified(long nanos) {
    notifications.incrementAndGet();
    arrivedNanos.complete(nanos);
  }

  public CompletableFuture<Long> arrival() {
    return arrivedNanos;
  }

  public void ended(PaymentOutcome last) {
    outcome = Optional.of(last);
  }

  public Optional<PaymentOutcome> outcome() {
    return outcome;
  }

  int notifications() {
    return notifications.get();
  }

  public boolean wasNotified() {
    return notifications.get() > 0;
  }

  /** Whether the bank said that the money moved, to its payer or to its payee. */
  public boolean moved() {
    boolean accepted =
        outcome
            .map(last ->
                switch (last) {
                  case PaymentOutcome.Settled _, PaymentOutcome.Accepted _ -> true;
                  case PaymentOutcome.Rejected _, PaymentOutcome.Unanswered _ -> false;
                })
            .orElse(false);
    return accepted || wasNotified();
  }

  /** Books it on what both accounts are expected to hold. */
  void expect() {
    if (moved()) {
      payer.expectedMinor().addAndGet(-payment.amount().amountMinor());
      payee.expectedMinor().addAndGet(payment.amount().amountMinor());
    }
  }

  /** Of a payment whose payee was notified. */
  long latencyMillis() {
    return Math.max(0, (arrivedNanos.join() - dueNanos) / 1_000_000);
  }
}
