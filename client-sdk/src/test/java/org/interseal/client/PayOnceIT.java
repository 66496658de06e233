package org.interseal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.client.FakeBank.ACCOUNT;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Letter;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Payments instructed again, at a bank that remembers references as the ledger does. */
class PayOnceIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final LocalDate FRIDAY = LocalDate.of(2026, 11, 20);

  private final RunningTime time = new RunningTime();
  private final FakeBank bank = new FakeBank(time);
  private final ClientRuntime runtime = ClientRuntime.start(time, new SecureRandom(), 64);
  private final VolatileDeviceMemory memory =
      new VolatileDeviceMemory(DeviceKeyRing.generate(new SecureRandom()), DeviceProfile.fresh());
  private final Map<String, Payment> remembered = new HashMap<>();
  private final List<Payment> made = new ArrayList<>();
  private final List<TransactionStatus> told = new ArrayList<>();
  private final FakeGateway gateway;

  PayOnceIT() throws Exception {
    gateway = new FakeGateway(bank);
  }

  @BeforeEach
  void linked() {
    bank.link(memory.keys().publicKeys());
    bank.behave(this::answer);
  }

  @AfterEach
  void stop() {
    gateway.close();
    runtime.close();
  }

  private List<DeviceNotice> answer(Letter letter, DeviceMessage message) {
    Bytes id = letter.messageId();
    return switch (message) {
      case DeviceMessage.InstructPayment(Payment payment) -> {
        Payment first = remembered.putIfAbsent(payment.instructionId(), payment);
        if (first == null) {
          made.add(payment);
        }
        yield first == null || first.equals(payment)
            ? List.of(status(id, payment, TransactionStatus.ACCC))
            : List.of(new DeviceNotice.Refused(id, ReasonCode.AM05, "used with other content"));
      }
      case DeviceMessage.QueryPayment query ->
          List.of(
              status(
                  id,
                  Optional.ofNullable(remembered.get(query.instructionId())).orElseThrow(),
                  told.isEmpty() ? TransactionStatus.ACCC : told.removeFirst()));
      default -> throw new IllegalStateException("not in this test: " + message.getClass());
    };
  }

  private static DeviceNotice.PaymentStatus status(
      Bytes inReplyTo, Payment payment, TransactionStatus status) {
    return new DeviceNotice.PaymentStatus(
        inReplyTo,
        ACCOUNT,
        payment.instructionId(),
        payment.endToEndId(),
        payment.uetr(),
        payment.amount(),
        status,
        null,
        1);
  }

  private PaymentOutcome payOnce(String reference, long minor, LocalDate date) throws Exception {
    BankClient client =
        BankClient.connect(runtime, List.of(gateway.uri()), bank.authority.root().fingerprint())
            .get(20, TimeUnit.SECONDS);
    Device device = Device.prepared(client, memory, ACCOUNT, "phone");
    Payment payment =
        device.repeatable(RepeatablePaymentTest.payment(reference, minor, "Bob", date));
    return device.payOnce(payment, SOON).get(30, TimeUnit.SECONDS);
  }

  @Test
  void theSameInstructionEndsWithTheFirstOutcomeOnAnyDay() throws Exception {
    PaymentOutcome first = payOnce("r", 100, FRIDAY);
    assertThat(first).isInstanceOf(PaymentOutcome.Settled.class);

    assertThat(payOnce("r", 100, FRIDAY)).isInstanceOf(PaymentOutcome.Settled.class);
    assertThat(payOnce("r", 100, FRIDAY.plusDays(3))).isInstanceOf(PaymentOutcome.Settled.class);
    assertThat(made).hasSize(1);
  }

  @Test
  void aPaymentThatIsOnItsWayIsAskedForUntilItIsSettled() throws Exception {
    var _ = payOnce("r", 100, FRIDAY);
    told.addAll(List.of(TransactionStatus.ACSP, TransactionStatus.ACSP));

    assertThat(payOnce("r", 100, FRIDAY.plusDays(1))).isInstanceOf(PaymentOutcome.Settled.class);
    assertThat(told).isEmpty();
  }

  @Test
  void anotherInstructionUnderTheReferenceIsRefused() throws Exception {
    var _ = payOnce("r", 100, FRIDAY);

    assertThat(payOnce("r", 200, FRIDAY))
        .isEqualTo(new PaymentOutcome.Rejected(ReasonCode.AM05, Optional.empty()));
    assertThat(payOnce("s", 200, FRIDAY)).isInstanceOf(PaymentOutcome.Settled.class);
    assertThat(made).hasSize(2);
  }
}
