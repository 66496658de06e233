package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.bank.ledger.TestBank.A;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;
import static org.interseal.bank.ledger.TestBank.EUR;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.junit.jupiter.api.Test;

/** Payments from partition 0 to partition 1 of bank A. */
class SiblingPaymentTest {
  private static final LedgerAccount FLIGHT = new LedgerAccount.InFlightTo(1);
  private static final LedgerAccount OWED = new LedgerAccount.PositionWith(1);
  private static final LedgerAccount CLAIM = new LedgerAccount.PositionWith(0);

  private final TestBank source = TestBank.partition(0, 2);
  private final TestBank target = TestBank.partition(1, 2);
  private final Iban ada = source.funded("Ada", 10_000);
  private final Iban bob = target.open("Bob", CZK);

  SiblingPaymentTest() {
    source.enrol(ada, "ada");
    target.enrol(bob, "bob");
  }

  /** What the newest block of one partition says to the other. */
  private static List<LedgerInput> said(TestBank from, TestBank to) {
    return SiblingMail.in(
        A,
        from.state.partition(),
        from.state.height(),
        from.blocks.getLast(),
        to.state.partition());
  }

  private static Decision read(TestBank from, TestBank to) {
    return to.take(said(from, to)).getFirst();
  }

  private Decision pay(String instructionId, Iban to, long amountMinor) {
    return source.pay("ada", source.payment(instructionId, ada, to, A, amountMinor));
  }

  private static long minor(TestBank bank, LedgerAccount account) {
    return bank.state.balanceMinor(account, CZK);
  }

  private ReasonCode rejected(String instructionId, Iban to) {
    assertThat(pay(instructionId, to, 100).outcome()).isEqualTo(Outcomes.ACCEPTED);
    String outcome = read(source, target).outcome();
    assertThat(read(target, source).outcome()).isEqualTo(Outcomes.ACCEPTED);
    DeviceNotice.PaymentStatus status = source.status("ada");
    assertThat(status.status()).isEqualTo(TransactionStatus.RJCT);
    assertThat(source.booked(ada)).isEqualTo(10_000);
    assertThat(minor(source, FLIGHT)).isZero();
    assertThat(minor(target, CLAIM)).isZero();
    return ReasonCode.valueOf(outcome);
  }

  @Test
  void theMoneyWaitsUntilTheOtherPartitionHasReadOfIt() {
    assertThat(pay("i1", bob, 300).outcome()).isEqualTo(Outcomes.ACCEPTED);

    assertThat(source.status("ada").status()).isEqualTo(TransactionStatus.ACSP);
    assertThat(source.booked(ada)).isEqualTo(9_700);
    assertThat(minor(source, FLIGHT)).isEqualTo(300);
    assertThat(source.transfersOwed()).as("nothing is sealed or sent").isEmpty();
  }

  @Test
  void thePayeeIsCreditedAndThePayerHearsOfItOnce() {
    Payment payment = source.payment("i1", ada, bob, A, 300);
    source.pay("ada", payment);
    assertThat(read(source, target).outcome()).isEqualTo(Outcomes.ACCEPTED);

    assertThat(target.booked(bob)).isEqualTo(300);
    assertThat(minor(target, CLAIM)).isEqualTo(-300);
    assertThat(target.notices("bob"))
        .containsExactly(new DeviceNotice.CreditReceived(bob, payment, target.now));
    assertThat(target.reportsOwed()).as("the source reads the answer itself").isEmpty();

    assertThat(read(target, source).outcome()).isEqualTo(Outcomes.ACCEPTED);
    assertThat(source.notices("ada")).hasSize(1);
    assertThat(source.status("ada").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(minor(source, FLIGHT)).isZero();
    assertThat(minor(source, OWED)).isEqualTo(300);
    assertThat(said(source, target)).as("and that ends it").isEmpty();
  }

  @Test
  void whatThePayeeCannotHaveGoesBack() {
    Iban closed = target.open("Gone", CZK);
    target.branch(new BranchMessage.CloseAccount("t1", closed));
    Iban euro = target.open("Euro", EUR);

    assertThat(rejected("nobody", Iban.of(A, 1, 77))).isEqualTo(ReasonCode.AC01);
    assertThat(rejected("closed", closed)).isEqualTo(ReasonCode.AC04);
    assertThat(rejected("euro", euro)).isEqualTo(ReasonCode.AM03);
    assertThat(target.booked(bob)).isZero();
  }

  @Test
  void whatTheSourceCanTellItRefusesAtOnce() {
    assertThat(pay("i1", bob, 10_001).outcome()).isEqualTo("AM04");
    assertThat(pay("i2", Iban.of(A, 2, 1), 1).outcome()).as("no such partition").isEqualTo("AC01");
    assertThat(source.booked(ada)).isEqualTo(10_000);
  }

  @Test
  void aReferenceIsUsedOnce() {
    Payment payment = source.payment("i1", ada, bob, A, 300);
    source.pay("ada", payment);
    assertThat(source.pay("ada", payment).outcome()).isEqualTo(Outcomes.FIRST_ANSWER);
    assertThat(said(source, target)).isEmpty();
    assertThat(pay("i1", bob, 301).outcome()).isEqualTo("AM05");
    assertThat(source.booked(ada)).isEqualTo(9_700);
  }

  @Test
  void nothingThatIsReadTwiceHasEffectTwice() {
    pay("i1", bob, 300);
    List<LedgerInput> transfer = said(source, target);
    target.take(transfer);
    List<LedgerInput> answer = said(target, source);
    source.take(answer);
    LedgerState sourceAfter = source.state;
    LedgerState targetAfter = target.state;

    assertThat(target.take(transfer)).containsExactly(Verdict.nothing(Outcomes.DUPLICATE));
    assertThat(source.take(answer)).containsExactly(Verdict.nothing(Outcomes.DUPLICATE));
    assertThat(minor(source, OWED)).isEqualTo(300);
    assertThat(target.booked(bob)).isEqualTo(300);
    assertThat(source.state.siblingHeight(1)).isEqualTo(sourceAfter.siblingHeight(1));
    assertThat(target.state.siblingHeight(0)).isEqualTo(targetAfter.siblingHeight(0));
  }

  @Test
  void aBlockIsConsumedWithTheLastOfWhatItSays() {
    List<LedgerInput> instructions = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Payment payment = source.payment("i" + i, ada, bob, A, 100);
      instructions.add(source.fromDevice("ada", new DeviceMessage.InstructPayment(payment)));
    }
    source.take(instructions);
    List<LedgerInput> said = said(source, target);
    assertThat(said).hasSize(3);

    target.take(said.subList(0, 2));
    assertThat(target.state.siblingHeight(0)).isZero();
    assertThat(target.state.floor(new Peer(A, 0))).isEqualTo(3);
    target.take(said.subList(2, 3));

    assertThat(target.state.siblingHeight(0)).isEqualTo(source.state.height());
    assertThat(target.booked(bob)).isEqualTo(300);
  }

  @Test
  void aTransferThatWasPassedOverIsNeverForgotten() {
    pay("i1", bob, 300);
    pay("i2", bob, 400);
    List<LedgerInput> second = said(source, target);

    assertThatThrownBy(() -> target.take(second)).isInstanceOf(IllegalStateException.class);
    assertThat(target.booked(bob)).isZero();
  }

  @Test
  void aFoldTakesASiblingsTransfersInOrderOnly() {
    pay("i1", bob, 300);
    read(source, target);
    LedgerEvent credited =
        target.blocks.getLast().events().stream()
            .filter(LedgerEvent.TransferCredited.class::isInstance)
            .findFirst()
            .orElseThrow();
    for (LedgerEvent forged :
        List.of(
            credited,
            new LedgerEvent.TransferRejected(
                new Peer(A, 0), 3, Bytes.sha256(Bytes.utf8("x")), ReasonCode.AC01),
            new LedgerEvent.FloorRaised(new Peer(A, 0), 9),
            new LedgerEvent.TransferBarred(
                new Peer(A, 0), 2, Bytes.sha256(Bytes.utf8("x")), "statement"),
            new LedgerEvent.SiblingRead(0, target.state.siblingHeight(0)),
            new LedgerEvent.SiblingRead(1, 5))) {
      assertThatThrownBy(() -> Ledger.apply(target.state, forged, target.now))
          .as(forged.toString())
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void nobodyOutsideSpeaksForAPartition() {
    pay("i1", bob, 300);
    Transfer transfer = source.state.outstanding().findFirst().orElseThrow().transfer();
    Report report = TestBank.answer(transfer, ReasonCode.AC01);

    assertThat(source.take(source.report(A, report, 1)).getFirst())
        .isEqualTo(Verdict.nothing(Outcomes.UNAUTHORISED));
    assertThat(target.take(target.transfer(A, 1, transfer)).getFirst())
        .isEqualTo(Verdict.nothing(Outcomes.UNAUTHORISED));
    assertThat(
            source
                .take(
                    new LedgerInput.ResolutionPublished(
                        "r", A, 0, A, 1, 1, transfer.digest(), false, "statement"))
                .getFirst()
                .outcome())
        .isEqualTo(Outcomes.IRRELEVANT);
  }

  @Test
  void anAnswerToOtherContentIsKeptAndStopsNothing() {
    pay("i1", bob, 300);
    Report other = new Report(1, Bytes.sha256(Bytes.utf8("other")), TransactionStatus.ACCC, null);

    assertThat(
            source
                .take(new LedgerInput.SiblingAnswer("p01.x/1", 1, other, 7L))
                .getFirst()
                .outcome())
        .isEqualTo(Outcomes.CONTRADICTION);
    assertThat(source.state.evidenceCounts()).isEqualTo(Map.of("other-digest-reported", 1L));
    assertThat(minor(source, FLIGHT)).isEqualTo(300);
    assertThat(source.state.siblingHeight(1)).isEqualTo(7);

    Transfer transfer = source.state.outstanding().findFirst().orElseThrow().transfer();
    Report honest = new Report(1, transfer.digest(), TransactionStatus.ACCC, null);
    assertThat(
            source
                .take(new LedgerInput.SiblingAnswer("p01.y/1", 1, honest, 8L))
                .getFirst()
                .outcome())
        .as("the honest answer counts all the same")
        .isEqualTo(Outcomes.ACCEPTED);
    assertThat(minor(source, FLIGHT)).isZero();
  }

  @Test
  void suspensionOfTheBankDoesNotTouchWhatStaysInsideIt() {
    source.take(new LedgerInput.RegistryObserved("r2", 2, Map.of(B, 1)));
    target.take(new LedgerInput.RegistryObserved("r2", 2, Map.of(B, 1)));

    assertThat(pay("i1", bob, 300).outcome()).isEqualTo(Outcomes.ACCEPTED);
    assertThat(read(source, target).outcome()).isEqualTo(Outcomes.ACCEPTED);
  }

  @Test
  void unansweredPaymentsToAPartitionAreBounded() {
    LedgerTerms t = TestBank.terms();
    source.setTerms(
        new LedgerTerms(
            t.currencies(),
            t.paymentLimitMinor(),
            t.dailyLimitMinor(),
            t.branchCashCapMinor(),
            t.counterpartyCapMinor(),
            Map.of(),
            1));
    assertThat(pay("i1", bob, 1).outcome()).isEqualTo(Outcomes.ACCEPTED);
    assertThat(pay("i2", bob, 1).outcome()).isEqualTo("AB08");
  }

  @Test
  void aCapOfTheTermsIsSharedByThePartitions() {
    LedgerTerms t = TestBank.terms();
    LedgerTerms odd =
        new LedgerTerms(
            t.currencies(), 1_000_000, 1_000_000, 30_001, 1_001, Map.of(), t.outstandingCap());
    source.setTerms(odd);
    target.setTerms(odd);

    assertThat(claimAllowed(source, ada)).isEqualTo(501);
    assertThat(claimAllowed(target, bob)).isEqualTo(500);
    assertThat(target.payIn(bob, 14_501, "cash 1").outcome())
        .as("what was credited above is no cash")
        .isEqualTo(Outcomes.ACCEPTED);
    assertThat(target.payIn(bob, 500, "cash 2").outcome()).isEqualTo("AM23");
    assertThat(target.payIn(bob, 499, "cash 3").outcome()).isEqualTo(Outcomes.ACCEPTED);
    assertThat(target.payOut(bob, 15_000, "cash 4").outcome())
        .as("a branch's cash is kept per partition")
        .isEqualTo(Outcomes.ACCEPTED);
    assertThat(target.payOut(bob, 1, "cash 5").outcome()).isEqualTo("AM23");
  }

  /** The largest claim on bank B that this partition takes on. */
  private static long claimAllowed(TestBank bank, Iban payee) {
    long claim = 0;
    for (long number = 1; ; number++) {
      Payment payment =
          new Payment(
              "i" + number,
              "e2e",
              new java.util.UUID(0x4000L, 0x8000000000000000L | number),
              new PartyAccount("Payer", Iban.of(B, 0, 1), B),
              new PartyAccount("Payee", payee, A),
              new Money(number <= 5 ? 100 : 1, CZK),
              null,
              null,
              null,
              org.interseal.protocol.banking.ChargeBearer.SLEV,
              java.time.LocalDate.EPOCH);
      Transfer transfer =
          new Transfer(number, Bytes.sha256(Bytes.utf8("m" + number)).prefix(16), payment);
      String outcome = bank.take(bank.transfer(B, number, transfer)).getFirst().outcome();
      if (outcome.equals("AM23")) {
        return claim;
      }
      assertThat(outcome).isEqualTo(Outcomes.ACCEPTED);
      claim += payment.amount().amountMinor();
    }
  }

  @Test
  void aSnapshotKeepsHowFarSiblingsWereRead() throws Exception {
    pay("i1", bob, 300);
    read(source, target);
    read(target, source);
    pay("i2", bob, 100);

    for (TestBank bank : List.of(source, target)) {
      List<Bytes> chunks = SnapshotCodec.encode(bank.state);
      assertThat(chunks.stream().map(Bytes::toUtf8)).anyMatch(c -> c.contains("\"sibling\""));
      assertThat(SnapshotCodec.decode(chunks)).isEqualTo(bank.state);
    }
  }

  @Test
  void theAccountsOfPartitionsHaveOneSpelling() {
    for (LedgerAccount account : List.of(FLIGHT, OWED, new LedgerAccount.PositionWith(99))) {
      assertThat(LedgerAccount.parse(account.key())).isEqualTo(account);
    }
    assertThatThrownBy(() -> LedgerAccount.parse("position:p1x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LedgerAccount.parse("in-flight:p+1"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
