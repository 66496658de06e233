package org.interseal.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.interseal.client.PaymentOutcome;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceNotice;
import org.junit.jupiter.api.Test;

/** A load that loses or doubles something must be caught. */
class PaymentsAuditTest {
  private static final long FUNDED = 1_000;
  private static final long AMOUNT = 100;

  private final Customer payer = customer(LoadFederation.BANKS.getFirst());
  private final Customer payee = customer(LoadFederation.BANKS.getLast());
  private final TrackedPayment payment = new TrackedPayment(payment(), payer, payee);

  private static Customer customer(BankId bank) {
    return new Customer(new PartyAccount("Somebody", Iban.of(bank, 0, 1), bank), FUNDED);
  }

  private Payment payment() {
    return new Payment(
        "L1",
        "E2E-1",
        UUID.fromString("00000000-0000-4000-8000-000000000001"),
        payer.party(),
        payee.party(),
        new Money(AMOUNT, CustomerSetup.CURRENCY),
        null,
        null,
        null,
        ChargeBearer.SLEV,
        LocalDate.EPOCH);
  }

  private void settled() {
    payment.ended(
        PaymentOutcome.of(
            new DeviceNotice.PaymentStatus(
                null,
                payer.party().account(),
                "L1",
                "E2E-1",
                payment.payment().uetr(),
                payment.payment().amount(),
                TransactionStatus.ACCC,
                null,
                0)));
  }

  private PaymentsAudit audit(long payerHas, long payeeHas) {
    return PaymentsAudit.of(
        List.of(payment), Map.of(payer, Optional.of(payerHas), payee, Optional.of(payeeHas)));
  }

  @Test
  void findsNothingWrongWithAPaymentThatMovedOnce() {
    settled();
    payment.notified(1);
    assertThat(audit(FUNDED - AMOUNT, FUNDED + AMOUNT))
        .isEqualTo(new PaymentsAudit(Map.of(), 0, 0, 0, true));
  }

  @Test
  void findsNothingWrongWithARejectionThatMovedNothing() {
    payment.ended(new PaymentOutcome.Rejected(ReasonCode.AM04, Optional.empty()));
    assertThat(audit(FUNDED, FUNDED))
        .isEqualTo(new PaymentsAudit(Map.of("AM04", 1), 0, 0, 0, true));
  }

  @Test
  void countsASettledPaymentWithoutANotificationAsLost() {
    settled();
    assertThat(audit(FUNDED - AMOUNT, FUNDED + AMOUNT).lost()).isEqualTo(1);
  }

  @Test
  void countsMoneyThatDidNotArriveAsLost() {
    settled();
    payment.notified(1);
    PaymentsAudit audit = audit(FUNDED - AMOUNT, FUNDED);
    assertThat(audit.lost()).isEqualTo(1);
    assertThat(audit.conserved()).isFalse();
  }

  @Test
  void countsASecondNotificationAsDoubled() {
    settled();
    payment.notified(1);
    payment.notified(2);
    assertThat(audit(FUNDED - AMOUNT, FUNDED + AMOUNT).doubled()).isEqualTo(1);
  }

  @Test
  void countsMoneyThatArrivedTwiceAsDoubled() {
    settled();
    payment.notified(1);
    PaymentsAudit audit = audit(FUNDED - AMOUNT, FUNDED + 2 * AMOUNT);
    assertThat(audit.doubled()).isEqualTo(1);
    assertThat(audit.conserved()).isFalse();
  }

  @Test
  void countsWhatNobodyAnsweredButThePayeeGotAsMoved() {
    payment.ended(new PaymentOutcome.Unanswered(Bytes.of(new byte[16]), "silence"));
    payment.notified(1);
    assertThat(audit(FUNDED - AMOUNT, FUNDED + AMOUNT))
        .isEqualTo(new PaymentsAudit(Map.of(), 1, 0, 0, true));
  }
}
