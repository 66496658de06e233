package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;
import static org.interseal.bank.ledger.TestBank.EUR;
import static org.interseal.bank.ledger.TestBank.GONE;

import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.junit.jupiter.api.Test;

/** The checks are able to fail. */
class LedgerInvariantsTest {
  private static final String NOT_THE_SUM = "in-flight is not the sum of what is unanswered";

  private final Parts sound = SnapshotTest.full().state.parts();

  /**
   * Takes so much more as in flight to that bank, against the position, so that the sum stays zero.
   */
  private static Parts flying(Parts parts, BankId bank, CurrencyCode currency, long amountMinor) {
    return parts.with(
        parts.accounts(),
        parts
            .balances()
            .plusOwn(new LedgerAccount.InFlight(bank), currency, amountMinor)
            .plusOwn(new LedgerAccount.Position(bank), currency, -amountMinor));
  }

  @Test
  void aSoundStateHasNothingBroken() {
    assertThat(LedgerInvariants.check(new LedgerState(sound))).isEmpty();
    assertThat(sound.balances().of(new LedgerAccount.InFlight(B), CZK)).isPositive();
  }

  @Test
  void inFlightIsTheSumOfWhatIsUnansweredPerBankAndCurrency() {
    assertThat(LedgerInvariants.check(new LedgerState(flying(sound, B, CZK, 1))))
        .containsExactly(NOT_THE_SUM);
    assertThat(LedgerInvariants.check(new LedgerState(flying(sound, B, EUR, 1))))
        .as("in a currency in which nothing is unanswered")
        .containsExactly(NOT_THE_SUM);
    assertThat(
            LedgerInvariants.check(
                new LedgerState(flying(flying(sound, B, CZK, -1), GONE, CZK, 1))))
        .as("right in total, wrong per bank")
        .containsExactly(NOT_THE_SUM, NOT_THE_SUM);
  }

  @Test
  void whatIsUnansweredIsInFlight() {
    long all = sound.balances().of(new LedgerAccount.InFlight(B), CZK);
    assertThat(LedgerInvariants.check(new LedgerState(flying(sound, B, CZK, -all))))
        .containsExactly("an unanswered transfer is not in flight");
  }
}
