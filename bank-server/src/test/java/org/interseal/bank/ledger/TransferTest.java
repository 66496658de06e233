package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.bank.ledger.TestBank.A;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;
import static org.interseal.bank.ledger.TestBank.EUR;
import static org.interseal.bank.ledger.TestBank.GONE;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** What bank B makes of transfers from bank A. */
class TransferTest {
  private static final Peer FROM_A = new Peer(A, 0);

  private final TestBank payer = TestBank.founded(A);
  private final TestBank bank = TestBank.founded(B);
  private final Iban bob = bank.open("Bob", CZK);

  private Transfer transfer(long number, Iban to, long amountMinor) {
    Payment payment = payer.payment("i" + number, Iban.of(A, 0, 1), to, B, amountMinor);
    return new Transfer(number, Bytes.utf8("place of " + number + "........").prefix(16), payment);
  }

  private String outcomeOf(LedgerInput input) {
    return bank.take(input).getFirst().outcome();
  }

  private List<ReasonCode> reasons() {
    return bank.reportsOwed().stream()
        .map(r -> r.reason() == null ? ReasonCode.MS03 : r.reason())
        .toList();
  }

  @Test
  void creditsThePayeeAgainstAClaimAndReports() {
    bank.enrol(bob, "bob");
    Transfer transfer = transfer(1, bob, 500);
    assertThat(outcomeOf(bank.transfer(A, 1, transfer))).isEqualTo("accepted");
    assertThat(bank.booked(bob)).isEqualTo(500);
    assertThat(bank.position(A)).isEqualTo(-500);
    assertThat(bank.reportsOwed()).containsExactly(TestBank.answer(transfer, null));
    assertThat(bank.notices("bob"))
        .containsExactly(new DeviceNotice.CreditReceived(bob, transfer.payment(), bank.now));
  }

  @Test
  void answersADuplicateAgainWithoutEffect() {
    Transfer transfer = transfer(1, bob, 500);
    bank.take(bank.transfer(A, 1, transfer));
    assertThat(outcomeOf(bank.transfer(A, 1, transfer))).isEqualTo("duplicate");
    assertThat(bank.reportsOwed()).containsExactly(TestBank.answer(transfer, null));
    assertThat(bank.booked(bob)).isEqualTo(500);
  }

  @Test
  void answersADuplicateOfARejectionTheSameWayEvenWhenItWouldPassNow() {
    Transfer transfer = transfer(1, Iban.of(B, 0, 2), 500);
    assertThat(outcomeOf(bank.transfer(A, 1, transfer))).isEqualTo("AC01");
    bank.open("Late", CZK);
    assertThat(outcomeOf(bank.transfer(A, 1, transfer))).isEqualTo("duplicate");
    assertThat(reasons()).containsExactly(ReasonCode.AC01);
  }

  @Test
  void keepsTheSameNumberWithOtherContentAsEvidenceOnce() {
    bank.take(bank.transfer(A, 1, transfer(1, bob, 500)));
    Transfer other = transfer(1, bob, 50_000);
    assertThat(outcomeOf(bank.transfer(A, 1, other))).isEqualTo("AM05");
    assertThat(bank.reportsOwed()).isEmpty();
    assertThat(bank.state.evidenceCounts()).isEqualTo(Map.of("other-transfer", 1L));
    assertThat(outcomeOf(bank.transfer(A, 1, other))).isEqualTo("AM05");
    assertThat(bank.blocks.getLast().events()).as("a flood fills no blocks").isEmpty();
    assertThat(bank.booked(bob)).isEqualTo(500);
  }

  @Test
  void dropsAndForgetsWhatTheSourceHasAnAnswerTo() {
    Transfer first = transfer(1, bob, 1);
    bank.take(bank.transfer(A, 1, first));
    bank.take(bank.transfer(A, 3, transfer(3, bob, 1)));
    assertThat(bank.state.floor(FROM_A)).isEqualTo(3);
    assertThat(bank.take(bank.transfer(A, 1, first)).getFirst())
        .isEqualTo(Verdict.nothing("below-floor"));
    assertThat(outcomeOf(bank.transfer(A, 1, transfer(2, bob, 1)))).isEqualTo("below-floor");
    assertThat(bank.booked(bob)).isEqualTo(2);
  }

  @Test
  void takesNumbersInAnyOrder() {
    bank.take(bank.transfer(A, 1, transfer(3, bob, 1)), bank.transfer(A, 1, transfer(1, bob, 1)));
    assertThat(outcomeOf(bank.transfer(A, 1, transfer(2, bob, 1)))).isEqualTo("accepted");
    assertThat(bank.booked(bob)).isEqualTo(3);
  }

  @Test
  void boundsHowFarAheadANumberMayBe() {
    long last = IncomingPair.WINDOW;
    assertThat(outcomeOf(bank.transfer(A, 1, transfer(last + 1, bob, 1))))
        .isEqualTo("beyond-window");
    assertThat(bank.reportsOwed()).isEmpty();
    assertThat(outcomeOf(bank.transfer(A, 1, transfer(last, bob, 1)))).isEqualTo("accepted");
    assertThat(outcomeOf(bank.transfer(A, Long.MAX_VALUE, transfer(last + 1, bob, 1))))
        .as("a floor above the number counts as the number")
        .isEqualTo("accepted");
  }

  @Test
  void rejectsWhatBreaksTheRulesOfAnAccount() {
    Iban closed = bank.open("Cyd", CZK);
    bank.branch(new BranchMessage.CloseAccount("t1", closed));
    bank.take(
        bank.transfer(A, 1, transfer(1, Iban.of(B, 0, 99), 1)),
        bank.transfer(A, 1, transfer(2, closed, 1)),
        bank.transfer(A, 1, transfer(3, bank.open("Dee", EUR), 1)),
        bank.transfer(A, 1, transfer(4, Iban.of(B, 1, 1), 1)));
    assertThat(reasons())
        .containsExactly(ReasonCode.AC01, ReasonCode.AC04, ReasonCode.AM03, ReasonCode.AC01);
  }

  @Test
  void rejectsMoneyInTheNameOfAnotherBank() {
    TestBank gone = new TestBank(GONE);
    Payment notAs = gone.payment("x", Iban.of(GONE, 0, 1), bob, B, 1);
    Payment notForB = payer.payment("y", Iban.of(A, 0, 1), Iban.of(A, 0, 2), A, 1);
    Bytes place = Bytes.of(new byte[16]);
    bank.take(
        bank.transfer(A, 1, new Transfer(1, place, notAs)),
        bank.transfer(A, 1, new Transfer(2, place, notForB)));
    assertThat(reasons()).containsExactly(ReasonCode.AGNT, ReasonCode.AGNT);
  }

  @Test
  void neverClaimsMoreThanTheCap() {
    bank.setTerms(new LedgerTerms(List.of(CZK), 1, 1, 1_000, 1_000, Map.of(GONE, 5L), 10));
    bank.take(
        bank.transfer(A, 1, transfer(1, bob, 600)),
        bank.transfer(A, 1, transfer(2, bob, 401)),
        bank.transfer(A, 1, transfer(3, bob, 400)),
        bank.transfer(A, 1, transfer(4, bob, 1)));
    assertThat(reasons())
        .containsExactly(ReasonCode.MS03, ReasonCode.AM23, ReasonCode.MS03, ReasonCode.AM23);
    assertThat(bank.position(A)).isEqualTo(-1_000);
  }

  @Test
  void rejectsInABlockWhatASuspendedBankSends() {
    Transfer before = transfer(1, bob, 1);
    bank.take(bank.transfer(A, 1, before));
    bank.take(new LedgerInput.RegistryObserved("r2", 2, Map.of(B, 1)));
    Transfer after = transfer(2, bob, 1);
    assertThat(outcomeOf(bank.transfer(A, 1, after))).isEqualTo("AGNT");
    assertThat(outcomeOf(bank.transfer(A, 1, before)))
        .as("what was consumed stays")
        .isEqualTo("duplicate");
    assertThat(bank.reportsOwed()).containsExactly(TestBank.answer(before, null));
    bank.take(new LedgerInput.RegistryObserved("r3", 3, Map.of(A, 1, B, 1)));
    assertThat(outcomeOf(bank.transfer(A, 1, after)))
        .as("rejected for ever")
        .isEqualTo("duplicate");
  }

  @Test
  void ignoresPartitionsThatTheSourceDoesNotHave() {
    LedgerInput.TransferReceived in = bank.transfer(A, 1, transfer(1, bob, 1));
    for (int partition : new int[] {-1, 1, 99}) {
      LedgerInput other =
          new LedgerInput.TransferReceived(
              in.reference(), A, partition, "node-1", true, 1, in.transfer());
      assertThat(bank.take(other).getFirst()).isEqualTo(Verdict.nothing("unauthorised"));
    }
    LedgerInput self =
        new LedgerInput.TransferReceived("r", B, 0, "node-1", true, 1, in.transfer());
    assertThat(bank.take(self).getFirst()).isEqualTo(Verdict.nothing("unauthorised"));
  }

  @Test
  void takesNothingNewOnWhileItIsSuspendedItself() {
    Transfer before = transfer(1, bob, 1);
    bank.take(bank.transfer(A, 1, before));
    bank.take(new LedgerInput.RegistryObserved("r2", 2, Map.of(A, 1)));
    Transfer after = transfer(2, bob, 1);
    assertThat(outcomeOf(bank.transfer(A, 1, after))).isEqualTo("AGNT");
    assertThat(bank.reportsOwed()).containsExactly(TestBank.answer(after, ReasonCode.AGNT));
    assertThat(outcomeOf(bank.transfer(A, 1, before)))
        .as("what was consumed stays")
        .isEqualTo("duplicate");
    assertThat(bank.reportsOwed()).containsExactly(TestBank.answer(before, null));
    bank.take(new LedgerInput.RegistryObserved("r3", 3, Map.of(A, 1, B, 1)));
    assertThat(outcomeOf(bank.transfer(A, 1, after)))
        .as("rejected for ever")
        .isEqualTo("duplicate");
    assertThat(outcomeOf(bank.transfer(A, 1, transfer(3, bob, 1)))).isEqualTo("accepted");
    assertThat(bank.booked(bob)).isEqualTo(2);
  }

  /**
   * A state that has answered so many numbers of bank A, spread over its partitions from number 2
   * on.
   */
  private void answered(int numbers, int partitions) {
    bank.take(new LedgerInput.RegistryObserved("r2", 2, Map.of(A, partitions, B, 1)));
    Parts parts = bank.state.parts();
    IncomingPair.Received answer =
        new IncomingPair.Received(Bytes.sha256(Bytes.utf8("x")), ReasonCode.AC01, false);
    for (int p = 0; p < partitions; p++) {
      TreeMap<Long, IncomingPair.Received> received = new TreeMap<>();
      for (long n = 2; n < 2 + numbers / partitions; n++) {
        received.put(n, answer);
      }
      parts =
          parts.with(
              new Peer(A, p),
              new IncomingPair(1, TreePMap.fromSortedMap(received), TreePMap.empty()));
    }
    bank.state = new LedgerState(parts);
  }

  private LedgerInput from(int partition, long lowest, Transfer transfer) {
    return new LedgerInput.TransferReceived(
        bank.reference(), A, partition, "node-1", true, lowest, transfer);
  }

  @Test
  void remembersABoundedNumberOfAnswersForAllPartitionsOfABank() {
    answered(IncomingPair.MAX_ANSWERED_PER_BANK - 1, 3);
    int room = IncomingPair.MAX_ANSWERED_PER_BANK - bank.state.parts().answeredTo(A);
    for (int i = 0; i < room; i++) {
      assertThat(outcomeOf(from(0, 1, transfer(90_000 + i, bob, 1)))).isEqualTo("accepted");
    }
    Decision dropped = bank.take(from(2, 1, transfer(90_000, bob, 1))).getFirst();
    assertThat(dropped).isEqualTo(Verdict.nothing("too-many-answered"));
    assertThat(outcomeOf(from(1, 1, transfer(2, bob, 1))))
        .as("what is known is known")
        .isEqualTo("AM05");
    assertThat(bank.state.parts().answeredTo(A)).isEqualTo(IncomingPair.MAX_ANSWERED_PER_BANK);
    assertThat(bank.state.parts().answeredTo(B)).isZero();
  }

  @Test
  void letsABankWithTooManyAnswersGetOnByItsLowestNumber() {
    answered(IncomingPair.MAX_ANSWERED_PER_BANK, 2);
    assertThat(outcomeOf(from(0, 1, transfer(90_000, bob, 1)))).isEqualTo("too-many-answered");
    assertThat(outcomeOf(from(0, 1, transfer(1, bob, 1)))).isEqualTo("accepted");
    assertThat(outcomeOf(from(0, 90_000, transfer(90_000, bob, 1)))).isEqualTo("accepted");
    assertThat(outcomeOf(from(0, 90_000, transfer(90_001, bob, 1))))
        .as("its floor has risen")
        .isEqualTo("accepted");
    assertThat(bank.state.parts().answeredTo(A)).isLessThan(IncomingPair.MAX_ANSWERED_PER_BANK);
  }
}
