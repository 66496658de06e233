package org.interseal.launcher.orders;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.interseal.client.PaymentOutcome;
import org.interseal.client.Watch;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceNotice;

/** Banks with the memory of real ones: references for 30 days, dates at most a day late. */
final class RememberingBanks implements OrdersBanks {
  private static final Duration MEMORY = Duration.ofDays(30);

  private final InstantSource clock;
  private final Map<Iban, Long> balances = new HashMap<>();
  private final Map<String, Money> cash = new HashMap<>();
  private final Map<String, First> references = new HashMap<>();
  private final Map<Iban, Consumer<UUID>> watchers = new HashMap<>();

  /** Orders that never reach their bank. */
  Predicate<Payment> lost = _ -> false;

  /** Whether a payment that was made before is made once more. */
  boolean doubling;

  /** Whether branches do not answer. */
  boolean branchesDown;

  private record First(Payment payment, PaymentOutcome outcome, long atMillis) {}

  RememberingBanks(InstantSource clock) {
    this.clock = clock;
  }

  long balance(Iban account) {
    return balances.getOrDefault(account, 0L);
  }

  @Override
  public void prepare(List<Iban> accounts) throws IOException {
    // Keys are of no interest here.
  }

  @Override
  public CompletableFuture<Void> open(Participant participant) {
    balances.putIfAbsent(participant.account(), 0L);
    return done();
  }

  private static CompletableFuture<Void> done() {
    return CompletableFuture.runAsync(() -> {}, Runnable::run);
  }

  @Override
  public CompletableFuture<Void> cashIn(Participant participant, Money amount, String key) {
    if (branchesDown) {
      return CompletableFuture.failedFuture(new IOException("the branch did not answer"));
    }
    Money before = cash.putIfAbsent(key, amount);
    if (before == null) {
      balances.merge(participant.account(), amount.amountMinor(), Math::addExact);
    } else if (!before.equals(amount)) {
      return CompletableFuture.failedFuture(new IOException("409 idempotency-key-reused"));
    }
    return done();
  }

  @Override
  public CompletableFuture<Void> link(Participant participant) {
    return done();
  }

  @Override
  public Watch watch(Iban payee, Consumer<UUID> credited) {
    watchers.put(payee, credited);
    return () -> watchers.remove(payee);
  }

  @Override
  public CompletableFuture<PaymentOutcome> pay(Payment payment) {
    return CompletableFuture.completedFuture(decide(payment));
  }

  private PaymentOutcome decide(Payment payment) {
    if (lost.test(payment)) {
      return new PaymentOutcome.Unanswered(Bytes.of(new byte[16]), "silence");
    }
    String reference = payment.debtor().account() + " " + payment.instructionId();
    First first = references.get(reference);
    if (first != null && first.atMillis() + MEMORY.toMillis() > clock.millis()) {
      if (doubling) {
        move(payment);
      }
      return first.payment().uetr().equals(payment.uetr())
          ? first.outcome()
          : new PaymentOutcome.Rejected(ReasonCode.AM05, Optional.empty());
    }
    PaymentOutcome outcome = fresh(payment);
    references.put(reference, new First(payment, outcome, clock.millis()));
    return outcome;
  }

  private PaymentOutcome fresh(Payment payment) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    if (payment.requestedExecutionDate().isBefore(today.minusDays(1))) {
      return new PaymentOutcome.Rejected(ReasonCode.DT01, Optional.empty());
    }
    if (balance(payment.debtor().account()) < payment.amount().amountMinor()) {
      return new PaymentOutcome.Rejected(ReasonCode.AM04, Optional.empty());
    }
    move(payment);
    Optional.ofNullable(watchers.get(payment.creditor().account()))
        .ifPresent(watcher -> watcher.accept(payment.uetr()));
    return PaymentOutcome.of(
        new DeviceNotice.PaymentStatus(
            null,
            payment.debtor().account(),
            payment.instructionId(),
            payment.endToEndId(),
            payment.uetr(),
            payment.amount(),
            TransactionStatus.ACCC,
            null,
            clock.millis()));
  }

  private void move(Payment payment) {
    long minor = payment.amount().amountMinor();
    balances.merge(payment.debtor().account(), -minor, Math::addExact);
    balances.merge(payment.creditor().account(), minor, Math::addExact);
  }

  @Override
  public CompletableFuture<Optional<Long>> bookedMinor(Iban account) {
    return CompletableFuture.completedFuture(Optional.of(balance(account)));
  }

  @Override
  public Map<String, Long> totals() {
    return new TreeMap<>(
        Map.of(
            PaymentOrder.CURRENCY.value(),
            balances.values().stream().mapToLong(Long::longValue).sum()));
  }
}
