package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.bank.ledger.TestBank.A;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;
import static org.interseal.bank.ledger.TestBank.EUR;

import java.util.List;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.junit.jupiter.api.Test;

/** What a bank that comes back makes of resolutions of transfers to it. */
class ResolutionAtTargetTest {
  private final TestBank payer = TestBank.founded(A);
  private final TestBank bank = TestBank.founded(B);
  private final Iban bob = bank.open("Bob", CZK);

  private Transfer transfer(long number) {
    return new Transfer(
        number, Bytes.of(new byte[16]), payer.payment("i" + number, Iban.of(A, 0, 1), bob, B, 100));
  }

  private String resolve(Transfer transfer, boolean settled) {
    return bank.take(
            new LedgerInput.ResolutionPublished(
                bank.reference(),
                A,
                0,
                B,
                0,
                transfer.number(),
                transfer.digest(),
                settled,
                "statement"))
        .getFirst()
        .outcome();
  }

  @Test
  void refusesALateTransferThatWasReturned() {
    Transfer transfer = transfer(1);
    assertThat(resolve(transfer, false)).isEqualTo("accepted");
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome())
        .isEqualTo("duplicate");
    assertThat(bank.reportsOwed()).containsExactly(TestBank.answer(transfer, ReasonCode.RR04));
    assertThat(bank.booked(bob)).isZero();
  }

  @Test
  void acceptsALateTransferThatCountsAsArrivedOnce() {
    bank.setTerms(new LedgerTerms(List.of(CZK), 1, 1, 1, 0, Map.of(), 10));
    Transfer transfer = transfer(1);
    assertThat(resolve(transfer, true)).isEqualTo("accepted");
    assertThat(bank.take(bank.transfer(A, 5, transfer(5))).getFirst().outcome()).isEqualTo("AM23");
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome())
        .as("below the floor and above the cap")
        .isEqualTo("accepted");
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome())
        .isEqualTo("below-floor");
    assertThat(bank.booked(bob)).isEqualTo(100);
  }

  @Test
  void neverAwaitsWhatItMayHaveConsumedAndForgotten() {
    Transfer transfer = transfer(1);
    bank.take(bank.transfer(A, 1, transfer));
    bank.take(bank.transfer(A, 2, transfer(2)));
    assertThat(resolve(transfer, true)).isEqualTo("duplicate");
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome())
        .isEqualTo("below-floor");
    assertThat(bank.booked(bob)).isEqualTo(200);
  }

  @Test
  void keepsAResolutionThatContradictsWhatItConsumed() {
    Transfer transfer = transfer(1);
    bank.take(bank.transfer(A, 1, transfer));
    assertThat(resolve(transfer, true)).isEqualTo("duplicate");
    assertThat(resolve(transfer, false)).isEqualTo("contradiction");
    assertThat(bank.state.evidenceCounts()).isEqualTo(Map.of("resolved-incoming", 1L));
    assertThat(bank.booked(bob)).isEqualTo(100);
  }

  private long suspense(CurrencyCode currency) {
    return bank.state.balanceMinor(new LedgerAccount.Suspense(), currency);
  }

  private void arrivesInSuspense(Transfer transfer, CurrencyCode currency) {
    assertThat(resolve(transfer, true)).isEqualTo("accepted");
    long suspense = suspense(currency);
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome()).isEqualTo("suspense");
    assertThat(bank.reportsOwed())
        .as("never a rejection")
        .containsExactly(TestBank.answer(transfer, null));
    assertThat(suspense(currency) - suspense).isEqualTo(transfer.payment().amount().amountMinor());
    assertThat(bank.state.balanceMinor(new LedgerAccount.Position(A), currency))
        .isEqualTo(-suspense(currency));
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome())
        .isEqualTo("duplicate");
    assertThat(bank.reportsOwed()).containsExactly(TestBank.answer(transfer, null));
  }

  private Transfer to(long number, Iban payee) {
    return new Transfer(
        number,
        Bytes.of(new byte[16]),
        payer.payment("i" + number, Iban.of(A, 0, 1), payee, B, 100));
  }

  @Test
  void keepsWhatCountsAsArrivedAndHasNoPayeeInSuspense() {
    Iban closed = bank.open("Cyd", CZK);
    bank.branch(new BranchMessage.CloseAccount("t1", closed));
    arrivesInSuspense(to(1, Iban.of(B, 0, 99)), CZK);
    arrivesInSuspense(to(2, closed), CZK);
    arrivesInSuspense(to(3, bank.open("Dee", EUR)), CZK);
    Payment elsewhere = payer.payment("i4", Iban.of(A, 0, 1), Iban.of(A, 0, 2), A, 100);
    arrivesInSuspense(new Transfer(4, Bytes.of(new byte[16]), elsewhere), CZK);
    assertThat(suspense(CZK)).isEqualTo(400);
    assertThat(bank.booked(bob)).isZero();
  }

  @Test
  void putsNothingIntoSuspenseThatMayReachItsPayeeOrWasNotResolved() {
    Transfer transfer = transfer(1);
    bank.take(bank.transfer(A, 1, transfer));
    Transfer next = transfer(2);
    LedgerEvent stolen =
        new LedgerEvent.TransferCredited(
            new Peer(A, 0),
            next,
            next.digest(),
            Postings.move(
                bank.state.parts(),
                new LedgerAccount.Position(A),
                new LedgerAccount.Suspense(),
                next.payment().amount()));
    assertThatThrownBy(() -> Ledger.apply(bank.state, stolen, bank.now))
        .isInstanceOf(IllegalStateException.class);
    assertThat(resolve(next, true)).isEqualTo("accepted");
    assertThat(bank.take(bank.transfer(A, 1, next)).getFirst().outcome()).isEqualTo("accepted");
    assertThat(bank.booked(bob)).isEqualTo(200);
  }

  @Test
  void creditsWhatCountsAsArrivedEvenWhileItIsSuspended() {
    Transfer transfer = transfer(1);
    bank.take(new LedgerInput.RegistryObserved("r2", 2, Map.of(A, 1)));
    assertThat(resolve(transfer, true)).isEqualTo("accepted");
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome()).isEqualTo("accepted");
    assertThat(bank.booked(bob)).isEqualTo(100);
  }

  @Test
  void doesNotForgetWhatMayBeResolvedWhileItIsSuspended() {
    Transfer transfer = transfer(1);
    bank.take(new LedgerInput.RegistryObserved("r2", 2, Map.of(A, 1)));
    assertThat(bank.take(bank.transfer(A, 2, transfer(2))).getFirst().outcome()).isEqualTo("AGNT");
    assertThat(bank.state.floor(new Peer(A, 0))).isEqualTo(1);
    assertThat(resolve(transfer, true))
        .as("the source has settled 1 already")
        .isEqualTo("accepted");
    bank.take(new LedgerInput.RegistryObserved("r3", 3, Map.of(A, 1, B, 1)));
    bank.take(bank.transfer(A, 3, transfer(3)));
    assertThat(bank.state.floor(new Peer(A, 0))).isEqualTo(3);
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome()).isEqualTo("accepted");
    assertThat(bank.booked(bob)).isEqualTo(200);
  }
}
