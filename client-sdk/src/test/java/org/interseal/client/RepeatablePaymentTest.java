package org.interseal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.UUID;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.junit.jupiter.api.Test;

class RepeatablePaymentTest {
  private static final LocalDate FRIDAY = LocalDate.of(2026, 11, 20);
  private static final BankId OTHER = new BankId("BKCDXX00");

  static Payment payment(String reference, long minor, String payee, LocalDate date) {
    return new Payment(
        reference,
        reference,
        UUID.randomUUID(),
        new PartyAccount("Ada", FakeBank.ACCOUNT, FakeBank.BANK),
        new PartyAccount(payee, Iban.of(OTHER, 0, 9), OTHER),
        new Money(minor, new CurrencyCode("CZK")),
        null,
        "rent",
        null,
        ChargeBearer.SLEV,
        date);
  }

  private static UUID uetr(String reference, long minor, String payee, LocalDate date) {
    return RepeatablePayment.of(payment(reference, minor, payee, date)).uetr();
  }

  @Test
  void hasOneUetrOnAnyDayAndAnotherForAnyOtherInstruction() {
    UUID first = uetr("r", 100, "Bob", FRIDAY);
    assertThat(uetr("r", 100, "Bob", FRIDAY.plusDays(9))).isEqualTo(first);
    assertThat(uetr("r", 101, "Bob", FRIDAY)).isNotEqualTo(first);
    assertThat(uetr("r", 100, "Eve", FRIDAY)).isNotEqualTo(first);
    assertThat(uetr("s", 100, "Bob", FRIDAY)).isNotEqualTo(first);
  }

  @Test
  void hasAUetrOfItsDeviceThatTheInstructionAloneDoesNotTell() {
    SigningKey key = SigningKey.generate(SignatureAlgorithm.ED25519, new SecureRandom());
    SigningKey another = SigningKey.generate(SignatureAlgorithm.ED25519, new SecureRandom());
    Payment payment = payment("r", 100, "Bob", FRIDAY);

    UUID first = RepeatablePayment.of(payment, key).uetr();

    assertThat(RepeatablePayment.of(payment("r", 100, "Bob", FRIDAY.plusDays(9)), key).uetr())
        .isEqualTo(first);
    assertThat(RepeatablePayment.of(payment("r", 101, "Bob", FRIDAY), key).uetr())
        .isNotEqualTo(first);
    assertThat(RepeatablePayment.of(payment, another).uetr()).isNotEqualTo(first);
    assertThat(RepeatablePayment.of(payment).uetr()).isNotEqualTo(first);
  }

  @Test
  void changesNothingButTheUetr() {
    Payment payment = payment("r", 100, "Bob", FRIDAY);
    Payment repeatable = RepeatablePayment.of(payment);
    assertThat(repeatable).usingRecursiveComparison().ignoringFields("uetr").isEqualTo(payment);
  }
}
