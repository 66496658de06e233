package org.interseal.launcher.load;

import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;

/** Makes payments of random amounts, each under a reference of its own. Thread-safe. */
public final class PaymentMaker {
  static final long MAX_AMOUNT_MINOR = 1_000;
  private static final long MIN_AMOUNT_MINOR = 100;

  private final SecureRandom random;
  private final LocalDate executionDate;
  private final AtomicLong made = new AtomicLong();

  public PaymentMaker(SecureRandom random, LocalDate executionDate) {
    this.random = random;
    this.executionDate = executionDate;
  }

  public TrackedPayment make(Customer payer, Customer payee) {
    long number = made.getAndIncrement();
    return new TrackedPayment(
        new Payment(
            "L" + number,
            "E2E-" + number,
            uetr(),
            payer.party(),
            payee.party(),
            new Money(
                random.nextLong(MIN_AMOUNT_MINOR, MAX_AMOUNT_MINOR + 1), CustomerSetup.CURRENCY),
            null,
            "load " + number,
            null,
            ChargeBearer.SLEV,
            executionDate),
        payer,
        payee);
  }

  /** Version 4, from this run's own randomness. */
  private UUID uetr() {
    return new UUID(
        (random.nextLong() & ~0xF000L) | 0x4000L,
        (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
  }
}
