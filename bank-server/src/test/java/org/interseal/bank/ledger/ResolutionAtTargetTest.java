package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.bank.ledger.TestBank.A;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;

import java.util.List;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.ReasonCode;
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
    return bank
        .take(
            new LedgerInput.ResolutionPublished(
                bank.reference(), A, 0, B, 0, transfer.number(), transfer.digest(), settled, "statement"))
        .getFirst()
        .outcome();
  }

  @Test
  void refusesALateTransferThatWasReturned() {
    Transfer transfer = transfer(1);
    assertThat(resolve(transfer, false)).isEqualTo("accepted");
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome()).isEqualTo("duplicate");
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
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome()).isEqualTo("below-floor");
    assertThat(bank.booked(bob)).isEqualTo(100);
  }

  @Test
  void neverAwaitsWhatItMayHaveConsumedAndForgotten() {
    Transfer transfer = transfer(1);
    bank.take(bank.transfer(A, 1, transfer));
    bank.take(bank.transfer(A, 2, transfer(2)));
    assertThat(resolve(transfer, true)).isEqualTo("duplicate");
    assertThat(bank.take(bank.transfer(A, 1, transfer)).getFirst().outcome()).isEqualTo("below-floor");
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
}
