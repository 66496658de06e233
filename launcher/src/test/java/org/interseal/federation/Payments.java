package org.interseal.federation;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.interseal.client.PaymentOutcome;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;

/** Payments of customers, and how they end. */
final class Payments {
  private static final AtomicLong NUMBERS = new AtomicLong();

  private Payments() {}

  static LocalDate today() {
    return LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
  }

  /** A payment between two customers under a reference of its own. */
  static Payment payment(Customer from, Customer to, long minor) {
    return payment(from, to.account(), to.bank(), to.name(), minor, reference());
  }

  static Payment payment(
      Customer from, Iban account, BankId bank, String name, long minor, String instructionId) {
    return new Payment(
        instructionId,
        "E2E-" + instructionId,
        UUID.randomUUID(),
        new PartyAccount(from.name(), from.account(), from.bank()),
        new PartyAccount(name, account, bank),
        new Money(minor, Federation.CZK),
        null,
        "for the test",
        null,
        ChargeBearer.SLEV,
        today());
  }

  static String reference() {
    return "t" + NUMBERS.incrementAndGet();
  }

  /**
   * Pays and says how it ended: {@code ACCC}, the reason of the rejection, or {@code none: why}.
   */
  static String pay(Customer from, Payment payment) throws Exception {
    return ending(from.pay(payment));
  }

  static String pay(Customer from, Customer to, long minor) throws Exception {
    return pay(from, payment(from, to, minor));
  }

  static String ending(PaymentOutcome outcome) {
    return switch (outcome) {
      case PaymentOutcome.Settled _ -> "ACCC";
      case PaymentOutcome.Rejected(var reason, var _) -> reason.name();
      case PaymentOutcome.Accepted _ -> "none: accepted only";
      case PaymentOutcome.Unanswered(var _, String why) -> "none: " + why;
    };
  }
}
