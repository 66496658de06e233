package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.bank.ledger.TestBank.A;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;
import static org.interseal.bank.ledger.TestBank.EUR;
import static org.interseal.bank.ledger.TestBank.GONE;
import static org.interseal.bank.ledger.TestBank.keys;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaymentTest {
  private final TestBank bank = TestBank.founded(A);
  private final Iban ada = bank.funded("Ada", 100_000);
  private final Iban bob = bank.open("Bob", CZK);
  private final Iban atB = Iban.of(B, 0, 7);

  @BeforeEach
  void enrol() {
    bank.enrol(ada, "ada");
    bank.enrol(bob, "bob");
  }

  private Payment dated(Payment p, LocalDate date) {
    return new Payment(
        p.instructionId(),
        p.endToEndId(),
        p.uetr(),
        p.debtor(),
        p.creditor(),
        p.amount(),
        p.purpose(),
        p.remittance(),
        p.creditorReference(),
        p.chargeBearer(),
        date);
  }

  private static Payment in(Payment p, Money amount) {
    return new Payment(
        p.instructionId(),
        p.endToEndId(),
        p.uetr(),
        p.debtor(),
        p.creditor(),
        amount,
        p.purpose(),
        p.remittance(),
        p.creditorReference(),
        p.chargeBearer(),
        p.requestedExecutionDate());
  }

  @Test
  void paysInsideTheBankAtOnce() {
    Payment payment = bank.payment("rent", ada, bob, A, 30_000);
    assertThat(bank.pay("ada", payment).outcome()).isEqualTo("accepted");
    assertThat(bank.booked(ada)).isEqualTo(70_000);
    assertThat(bank.booked(bob)).isEqualTo(30_000);
    assertThat(bank.status("ada").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(bank.status("ada").inReplyTo()).isNotNull();
    assertThat(bank.notices("bob"))
        .containsExactly(new DeviceNotice.CreditReceived(bob, payment, bank.now));
  }

  @Test
  void tellsEveryDeviceOfThePayerAndAnswersOnlyTheOneThatAsked() {
    bank.device("ada", new DeviceMessage.ApproveDevice(keys("tablet"), "Tablet"));
    bank.pay("ada", bank.payment("rent", ada, bob, A, 100));
    assertThat(bank.status("tablet").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(bank.status("tablet").inReplyTo()).isNull();
    OutgoingMessage.ToDevice reply =
        bank.messages.stream()
            .filter(OutgoingMessage.ToDevice.class::isInstance)
            .map(OutgoingMessage.ToDevice.class::cast)
            .filter(m -> m.deviceId().equals(keys("ada").deviceId()))
            .findFirst()
            .orElseThrow();
    assertThat(reply.inReplyTo()).startsWith("submission-").doesNotContain("/");
    assertThat(reply.terminal()).isTrue();
  }

  @Test
  void putsAPaymentToAnotherBankInFlight() {
    Payment payment = bank.payment("invoice", ada, atB, B, 30_000);
    assertThat(bank.pay("ada", payment).outcome()).isEqualTo("accepted");
    assertThat(bank.booked(ada)).isEqualTo(70_000);
    assertThat(bank.inFlight(B)).isEqualTo(30_000);
    assertThat(bank.status("ada").status()).isEqualTo(TransactionStatus.ACSP);
    Transfer transfer = bank.transfersOwed().getFirst();
    assertThat(transfer.number()).isEqualTo(1);
    assertThat(transfer.payment()).isEqualTo(payment);
    assertThat(bank.state.outstanding(new Peer(B, 0), 1).orElseThrow().transfer())
        .isEqualTo(transfer);
    assertThat(bank.state.oldestUnansweredMillis()).hasValue(bank.now);
  }

  @Test
  void numbersTransfersPerTargetWithIdsOfTheirPlace() {
    bank.take(
        bank.fromDevice(
            "ada", new DeviceMessage.InstructPayment(bank.payment("1", ada, atB, B, 1))),
        bank.fromDevice(
            "ada", new DeviceMessage.InstructPayment(bank.payment("2", ada, atB, B, 2))));
    assertThat(bank.transfersOwed()).extracting(Transfer::number).containsExactly(1L, 2L);
    assertThat(bank.transfersOwed().getFirst().messageId())
        .isEqualTo(new BlockSlot(A, 0, bank.state.height(), 0, 0).messageId())
        .isNotEqualTo(bank.transfersOwed().getLast().messageId());
  }

  @Test
  void refusesAnAccountThatIsNotTheCustomers() {
    assertThat(bank.pay("bob", bank.payment("theft", ada, bob, A, 1)).outcome()).isEqualTo("AG01");
    assertThat(bank.notices("bob")).hasOnlyElementsOfType(DeviceNotice.Refused.class);
    assertThat(bank.booked(ada)).isEqualTo(100_000);
    assertThat(bank.pay("ada", bank.payment("theft", ada, bob, A, 1)).outcome())
        .as("the reference is not used up by a stranger")
        .isEqualTo("accepted");
  }

  @Test
  void rejectsForLackOfFunds() {
    assertThat(bank.pay("ada", bank.payment("all", ada, bob, A, 100_001)).outcome())
        .isEqualTo("AM04");
    assertThat(bank.status("ada").reason()).isEqualTo(ReasonCode.AM04);
    assertThat(bank.pay("ada", bank.payment("rest", ada, bob, A, 100_000)).outcome())
        .isEqualTo("accepted");
  }

  @Test
  void rejectsUnknownAndClosedPayeesAndTheirOtherCurrency() {
    assertThat(bank.pay("ada", bank.payment("1", ada, Iban.of(A, 0, 99), A, 1)).outcome())
        .isEqualTo("AC01");
    Iban closed = bank.open("Cyd", CZK);
    bank.branch(new BranchMessage.CloseAccount("t1", closed));
    assertThat(bank.pay("ada", bank.payment("2", ada, closed, A, 1)).outcome()).isEqualTo("AC04");
    assertThat(bank.pay("ada", bank.payment("3", ada, bank.open("Dee", EUR), A, 1)).outcome())
        .isEqualTo("AM03");
    assertThat(bank.pay("ada", in(bank.payment("4", ada, bob, A, 1), new Money(1, EUR))).outcome())
        .isEqualTo("AM03");
    assertThat(bank.pay("ada", bank.payment("5", ada, ada, A, 1)).outcome()).isEqualTo("AG01");
    assertThat(bank.booked(ada)).isEqualTo(100_000);
  }

  @Test
  void rejectsBanksThatAreUnknownOrSuspendedAndPartitionsThatAreNot() {
    assertThat(bank.pay("ada", bank.payment("1", ada, Iban.of(GONE, 0, 1), GONE, 1)).outcome())
        .isEqualTo("AGNT");
    assertThat(bank.pay("ada", bank.payment("2", ada, Iban.of(B, 1, 1), B, 1)).outcome())
        .isEqualTo("AC01");
    assertThat(bank.pay("ada", bank.payment("3", ada, atB, B, 1)).outcome()).isEqualTo("accepted");
    bank.take(new LedgerInput.RegistryObserved("r2", 2, Map.of(A, 1)));
    assertThat(bank.pay("ada", bank.payment("4", ada, atB, B, 1)).outcome()).isEqualTo("AGNT");
    bank.take(new LedgerInput.RegistryObserved("r1", 1, Map.of(A, 1, B, 1)));
    assertThat(bank.pay("ada", bank.payment("5", ada, atB, B, 1)).outcome())
        .as("an older registry version changes nothing")
        .isEqualTo("AGNT");
    bank.take(new LedgerInput.RegistryObserved("r3", 3, Map.of(A, 1, B, 2)));
    assertThat(bank.pay("ada", bank.payment("6", ada, Iban.of(B, 1, 1), B, 1)).outcome())
        .isEqualTo("accepted");
    assertThat(bank.blocks.getLast().registryVersion()).isEqualTo(3);
  }

  @Test
  void executesTodayOrYesterday() {
    LocalDate today = LocalDate.of(2026, 11, 2);
    assertThat(bank.pay("ada", dated(bank.payment("1", ada, bob, A, 1), today)).outcome())
        .isEqualTo("accepted");
    assertThat(
            bank.pay("ada", dated(bank.payment("2", ada, bob, A, 1), today.minusDays(1))).outcome())
        .isEqualTo("accepted");
    assertThat(
            bank.pay("ada", dated(bank.payment("3", ada, bob, A, 1), today.minusDays(2))).outcome())
        .isEqualTo("DT01");
    assertThat(
            bank.pay("ada", dated(bank.payment("4", ada, bob, A, 1), today.plusDays(1))).outcome())
        .isEqualTo("DT01");
    assertThat(bank.pay("ada", dated(bank.payment("5", ada, bob, A, 1), LocalDate.MAX)).outcome())
        .isEqualTo("DT01");
    assertThat(bank.pay("ada", dated(bank.payment("6", ada, bob, A, 1), LocalDate.MIN)).outcome())
        .isEqualTo("DT01");
  }

  @Test
  void keepsToTheLimitsPerPaymentAndPerDay() {
    bank.setTerms(new LedgerTerms(List.of(CZK), 500, 800, 1_000_000, 1_000, Map.of(), 10));
    assertThat(bank.pay("ada", bank.payment("1", ada, bob, A, 501)).outcome()).isEqualTo("AM02");
    assertThat(bank.pay("ada", bank.payment("2", ada, bob, A, 500)).outcome())
        .isEqualTo("accepted");
    assertThat(bank.pay("ada", bank.payment("3", ada, atB, B, 301)).outcome()).isEqualTo("AM02");
    assertThat(bank.pay("ada", bank.payment("4", ada, atB, B, 300)).outcome())
        .isEqualTo("accepted");
    assertThat(bank.pay("ada", bank.payment("5", ada, bob, A, 1)).outcome()).isEqualTo("AM02");
    bank.pass(12 * TestBank.HOUR_MILLIS);
    assertThat(bank.pay("ada", bank.payment("6", ada, bob, A, 500)).outcome())
        .as("the next day by UTC")
        .isEqualTo("accepted");
  }

  @Test
  void capsWhatIsUnanswered() {
    bank.setTerms(new LedgerTerms(List.of(CZK), 500, 5_000, 1_000_000, 1_000, Map.of(), 2));
    bank.pay("ada", bank.payment("1", ada, atB, B, 1));
    Transfer first = bank.transfersOwed().getFirst();
    bank.pay("ada", bank.payment("2", ada, atB, B, 1));
    assertThat(bank.pay("ada", bank.payment("3", ada, atB, B, 1)).outcome()).isEqualTo("AB08");
    bank.take(bank.report(B, TestBank.answer(first, null), 5));
    assertThat(bank.pay("ada", bank.payment("4", ada, atB, B, 1)).outcome()).isEqualTo("accepted");
  }

  @Test
  void givesTheSameInstructionItsFirstAnswer() {
    Payment payment = bank.payment("rent", ada, bob, A, 100);
    bank.pay("ada", payment);
    bank.pass(1_000);
    assertThat(bank.pay("ada", payment).outcome()).isEqualTo("first-answer");
    assertThat(bank.status("ada").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(bank.status("ada").ledgerTimeMillis()).isEqualTo(bank.now - 1_000);
    assertThat(bank.booked(bob)).isEqualTo(100);
    assertThat(bank.pay("ada", bank.payment("rent", ada, bob, A, 101)).outcome()).isEqualTo("AM05");
    assertThat(bank.pay("ada", bank.payment("rent 2", ada, bob, A, 100)).outcome())
        .as("same content under another reference is another payment")
        .isEqualTo("accepted");
  }

  @Test
  void givesARejectedInstructionItsFirstAnswerToo() {
    Payment payment = bank.payment("rent", ada, bob, A, 100_001);
    bank.pay("ada", payment);
    bank.payIn(ada, 1, "more");
    assertThat(bank.pay("ada", payment).outcome()).isEqualTo("first-answer");
    assertThat(bank.status("ada").reason()).isEqualTo(ReasonCode.AM04);
    assertThat(bank.booked(bob)).isZero();
  }

  @Test
  void executesTheSameInstructionOnceInsideOneBlock() {
    DeviceMessage message =
        new DeviceMessage.InstructPayment(bank.payment("rent", ada, bob, A, 100));
    List<Decision> decisions =
        bank.take(bank.fromDevice("ada", message), bank.fromDevice("ada", message));
    assertThat(decisions).extracting(Decision::outcome).containsExactly("accepted", "first-answer");
    assertThat(bank.booked(bob)).isEqualTo(100);
  }

  @Test
  void answersQuestionsAboutAPayment() {
    bank.pay("ada", bank.payment("rent", ada, atB, B, 100));
    bank.device("ada", new DeviceMessage.QueryPayment(ada, "rent"));
    assertThat(bank.status("ada").status()).isEqualTo(TransactionStatus.ACSP);
    assertThat(bank.status("ada").endToEndId()).isEqualTo("e2e-rent");
    assertThat(bank.device("ada", new DeviceMessage.QueryPayment(ada, "other")).outcome())
        .isEqualTo("MS03");
    assertThat(bank.device("bob", new DeviceMessage.QueryPayment(ada, "rent")).outcome())
        .isEqualTo("AG01");
  }

  @Test
  void tellsTheBalance() {
    bank.device("ada", new DeviceMessage.QueryBalance(ada));
    assertThat(bank.notices("ada"))
        .singleElement()
        .isInstanceOfSatisfying(
            DeviceNotice.Balance.class,
            b -> {
              assertThat(b.booked()).isEqualTo(new Money(100_000, CZK));
              assertThat(b.available()).isEqualTo(b.booked());
            });
  }

  @Test
  void rejectsADebtorAgentThatIsNotThisBank() {
    Iban elsewhere = Iban.of(B, 0, ada.number());
    Payment p = bank.payment("x", ada, bob, A, 1);
    Payment foreign =
        new Payment(
            p.instructionId(),
            p.endToEndId(),
            p.uetr(),
            new PartyAccount("Ada", elsewhere, B),
            p.creditor(),
            p.amount(),
            p.purpose(),
            p.remittance(),
            p.creditorReference(),
            p.chargeBearer(),
            p.requestedExecutionDate());
    assertThat(bank.pay("ada", foreign).outcome()).isEqualTo("AG01");
  }

  @Test
  void paysNoOtherBankWhileItIsSuspendedItself() {
    assertThat(bank.pay("ada", bank.payment("1", ada, atB, B, 1)).outcome()).isEqualTo("accepted");
    Transfer before = bank.transfersOwed().getFirst();
    bank.take(new LedgerInput.RegistryObserved("r2", 2, Map.of(B, 1)));
    Payment refused = bank.payment("2", ada, atB, B, 1);
    assertThat(bank.pay("ada", refused).outcome()).isEqualTo("AGNT");
    assertThat(bank.status("ada").status()).isEqualTo(TransactionStatus.RJCT);
    assertThat(bank.transfersOwed()).isEmpty();
    assertThat(bank.pay("ada", bank.payment("3", ada, bob, A, 1)).outcome())
        .as("its own customers among themselves")
        .isEqualTo("accepted");
    assertThat(bank.take(bank.report(B, TestBank.answer(before, null), 5)).getFirst().outcome())
        .as("answers count")
        .isEqualTo("accepted");
    bank.take(new LedgerInput.RegistryObserved("r3", 3, Map.of(A, 1, B, 1)));
    assertThat(bank.pay("ada", refused).outcome()).isEqualTo("first-answer");
    assertThat(bank.pay("ada", bank.payment("4", ada, atB, B, 1)).outcome()).isEqualTo("accepted");
  }

  @Test
  void anAnswerAfterThirtyDaysLeavesANewPaymentWithTheSameReferenceAlone() {
    bank.pay("ada", bank.payment("rent", ada, atB, B, 100));
    Transfer old = bank.transfersOwed().getFirst();
    bank.pass(31 * 24 * TestBank.HOUR_MILLIS);
    assertThat(bank.pay("ada", bank.payment("rent", ada, atB, B, 200)).outcome())
        .isEqualTo("accepted");
    Transfer next = bank.transfersOwed().getFirst();
    bank.take(bank.report(B, TestBank.answer(old, ReasonCode.AC04), 5));
    bank.device("ada", new DeviceMessage.QueryPayment(ada, "rent"));
    assertThat(bank.status("ada").status()).isEqualTo(TransactionStatus.ACSP);
    assertThat(bank.status("ada").amount()).isEqualTo(next.payment().amount());
    assertThat(bank.booked(ada)).as("the old one came back").isEqualTo(100_000 - 200);
    bank.take(bank.report(B, TestBank.answer(next, null), 6));
    bank.device("ada", new DeviceMessage.QueryPayment(ada, "rent"));
    assertThat(bank.status("ada").status()).isEqualTo(TransactionStatus.ACCC);
  }
}
