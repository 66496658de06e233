package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.bank.ledger.TestBank.A;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;
import static org.interseal.bank.ledger.TestBank.GONE;

import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What bank A makes of answers from bank B, and of the authority's word. */
class ReportTest {
  private static final Peer TO_B = new Peer(B, 0);

  private final TestBank bank = TestBank.founded(A);
  private final Iban ada = bank.funded("Ada", 1_000);
  private Transfer transfer =
      new Transfer(1, Bytes.of(new byte[16]), bank.payment("x", ada, Iban.of(B, 0, 7), B, 1));

  @BeforeEach
  void send() {
    bank.enrol(ada, "ada");
    bank.pay("ada", bank.payment("invoice", ada, Iban.of(B, 0, 7), B, 600));
    transfer = bank.transfersOwed().getFirst();
  }

  private String outcomeOf(LedgerInput input) {
    return bank.take(input).getFirst().outcome();
  }

  private LedgerInput resolution(Bytes digest, boolean settled) {
    return new LedgerInput.ResolutionPublished(
        bank.reference(), A, 0, B, 0, transfer.number(), digest, settled, "statement");
  }

  @Test
  void settlesWhatWasAccepted() {
    assertThat(outcomeOf(bank.report(B, TestBank.answer(transfer, null), 9))).isEqualTo("accepted");
    assertThat(bank.inFlight(B)).isZero();
    assertThat(bank.position(B)).as("we owe B").isEqualTo(600);
    assertThat(bank.status("ada").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(bank.status("ada").inReplyTo()).isNotNull();
    assertThat(bank.state.outstandingCount()).isZero();
    assertThat(bank.state.lowestUnanswered(TO_B)).isEqualTo(2);
    bank.device("ada", new DeviceMessage.QueryPayment(ada, "invoice"));
    assertThat(bank.status("ada").status()).isEqualTo(TransactionStatus.ACCC);
  }

  @Test
  void returnsWhatWasRejected() {
    bank.take(bank.report(B, TestBank.answer(transfer, ReasonCode.AC04), 9));
    assertThat(bank.booked(ada)).isEqualTo(1_000);
    assertThat(bank.inFlight(B)).isZero();
    assertThat(bank.position(B)).isZero();
    assertThat(bank.status("ada").reason()).isEqualTo(ReasonCode.AC04);
    assertThat(bank.pay("ada", transfer.payment()).outcome()).isEqualTo("first-answer");
    assertThat(bank.status("ada").status()).isEqualTo(TransactionStatus.RJCT);
  }

  @Test
  void theFirstTerminalAnswerWins() {
    bank.take(bank.report(B, TestBank.answer(transfer, null), 9));
    assertThat(outcomeOf(bank.report(B, TestBank.answer(transfer, null), 9)))
        .isEqualTo("late-report");
    assertThat(outcomeOf(bank.report(B, TestBank.answer(transfer, ReasonCode.AC04), 9)))
        .isEqualTo("contradiction");
    assertThat(outcomeOf(bank.report(B, TestBank.answer(transfer, ReasonCode.AC01), 9)))
        .isEqualTo("contradiction");
    assertThat(bank.state.evidenceCounts()).isEqualTo(Map.of("other-answer", 1L));
    assertThat(bank.booked(ada)).isEqualTo(400);
    assertThat(bank.position(B)).isEqualTo(600);
  }

  @Test
  void believesNoAnswerToAnotherTransfer() {
    Report otherDigest =
        new Report(1, Bytes.sha256(Bytes.utf8("x")), TransactionStatus.RJCT, ReasonCode.AC04);
    assertThat(outcomeOf(bank.report(B, otherDigest, 9))).isEqualTo("contradiction");
    assertThat(outcomeOf(bank.report(B, otherDigest, 9))).isEqualTo("contradiction");
    assertThat(bank.state.evidenceCounts()).isEqualTo(Map.of("other-digest-reported", 1L));
    Report otherNumber = new Report(2, transfer.digest(), TransactionStatus.ACCC, null);
    assertThat(outcomeOf(bank.report(B, otherNumber, 9))).isEqualTo("late-report");
    assertThat(outcomeOf(bank.report(GONE, TestBank.answer(transfer, ReasonCode.AC04), 9)))
        .as("another bank")
        .isEqualTo("late-report");
    LedgerInput otherPartition =
        new LedgerInput.ReportReceived(
            "r",
            B,
            1,
            "node-1",
            TestBank.answer(transfer, null),
            new ChainHead(B, 1, 1, transfer.digest()),
            "s");
    assertThat(outcomeOf(otherPartition)).isEqualTo("late-report");
    assertThat(bank.inFlight(B)).isEqualTo(600);
    assertThat(outcomeOf(bank.report(B, TestBank.answer(transfer, null), 9))).isEqualTo("accepted");
  }

  @Test
  void doesNotCloseAnAccountWithMoneyInFlight() {
    bank.payOut(ada, 400, "empty");
    assertThat(bank.branch(new BranchMessage.CloseAccount("t1", ada)).outcome()).isEqualTo("AG01");
    bank.take(bank.report(B, TestBank.answer(transfer, null), 9));
    assertThat(bank.branch(new BranchMessage.CloseAccount("t1", ada)).outcome())
        .isEqualTo("accepted");
  }

  @Test
  void putsWhatThePayerCannotTakeIntoSuspense() {
    LedgerTerms t = TestBank.terms();
    bank.setTerms(
        new LedgerTerms(t.currencies(), 1, 1, Long.MAX_VALUE, Long.MAX_VALUE, Map.of(), 10));
    BranchMessage fill =
        new BranchMessage.PayCashIn("t1", ada, new Money(Money.MAX_MINOR - 400, CZK), "fill up");
    assertThat(bank.take(bank.fromBranch("mint", 1, fill)).getFirst().outcome())
        .isEqualTo("accepted");
    bank.take(bank.report(B, TestBank.answer(transfer, ReasonCode.AC04), 9));
    assertThat(bank.state.balanceMinor(new LedgerAccount.Suspense(), CZK)).isEqualTo(600);
    assertThat(bank.inFlight(B)).isZero();
  }

  @Test
  void remembersTheHighestHeadOncePerBlockAndKeepsForks() {
    bank.pay("ada", bank.payment("second", ada, Iban.of(B, 0, 7), B, 1));
    Transfer second = bank.transfersOwed().getFirst();
    bank.take(
        bank.report(B, TestBank.answer(transfer, null), 9),
        bank.report(B, TestBank.answer(second, null), 10));
    assertThat(bank.state.peerHeads().get(TO_B)).extracting(PeerHead::height).isEqualTo(9L);
    bank.take(bank.report(B, TestBank.answer(second, null), 12));
    assertThat(bank.state.peerHeads().get(TO_B)).extracting(PeerHead::height).isEqualTo(12L);
    bank.take(bank.report(B, TestBank.answer(second, null), 11));
    assertThat(bank.state.peerHeads().get(TO_B)).extracting(PeerHead::height).isEqualTo(12L);
    ChainHead fork = new ChainHead(B, 0, 12, Bytes.sha256(Bytes.utf8("another block")));
    bank.take(bank.report(B, TestBank.answer(second, null), fork));
    bank.take(bank.report(B, TestBank.answer(second, null), fork));
    assertThat(bank.state.evidenceCounts()).isEqualTo(Map.of("fork", 1L));
  }

  @Test
  void followsTheAuthoritysResolution() {
    assertThat(outcomeOf(resolution(transfer.digest(), false))).isEqualTo("accepted");
    assertThat(bank.booked(ada)).isEqualTo(1_000);
    assertThat(bank.status("ada").reason()).isEqualTo(ReasonCode.RR04);
    assertThat(outcomeOf(resolution(transfer.digest(), false))).isEqualTo("duplicate");
    assertThat(outcomeOf(bank.report(B, TestBank.answer(transfer, null), 9)))
        .isEqualTo("contradiction");
    assertThat(bank.booked(ada)).isEqualTo(1_000);
  }

  @Test
  void settlesByResolutionAndKeepsOneThatDisagrees() {
    assertThat(outcomeOf(resolution(Bytes.sha256(Bytes.utf8("other")), true)))
        .isEqualTo("contradiction");
    assertThat(bank.inFlight(B)).isEqualTo(600);
    assertThat(outcomeOf(resolution(transfer.digest(), true))).isEqualTo("accepted");
    assertThat(bank.position(B)).isEqualTo(600);
    assertThat(outcomeOf(resolution(transfer.digest(), false))).isEqualTo("contradiction");
    assertThat(bank.position(B)).isEqualTo(600);
  }

  @Test
  void ignoresResolutionsForOthers() {
    LedgerInput other =
        new LedgerInput.ResolutionPublished("r", B, 0, GONE, 0, 1, transfer.digest(), true, "s");
    assertThat(bank.take(other).getFirst()).isEqualTo(Verdict.nothing("irrelevant"));
    LedgerInput otherPartition =
        new LedgerInput.ResolutionPublished("r", A, 1, B, 0, 1, transfer.digest(), true, "s");
    assertThat(bank.take(otherPartition).getFirst()).isEqualTo(Verdict.nothing("irrelevant"));
  }
}
