package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.bank.ledger.TestBank.CZK;
import static org.interseal.bank.ledger.TestBank.EUR;

import java.util.List;
import java.util.Map;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.junit.jupiter.api.Test;

class AccountAndCashTest {
  private final TestBank bank = TestBank.founded(TestBank.A);

  @Test
  void opensAccountsUnderFreeNumbersOfItsPartition() {
    Iban first = bank.open("Ada", CZK);
    assertThat(first).isEqualTo(Iban.of(TestBank.A, 0, 1));
    bank.branch(new BranchMessage.OpenAccount("t1", "Bob", CZK, 2L));
    assertThat(((BranchNotice.AccountOpened) bank.branchNotice()).account().number()).isEqualTo(2);
    assertThat(bank.open("Cyd", EUR).number()).as("the next free number").isEqualTo(3);
    assertThat(bank.state.accountCount()).isEqualTo(3);
  }

  @Test
  void refusesATakenNumberAnImpossibleOneAndAnotherCurrency() {
    bank.open("Ada", CZK);
    assertThat(bank.branch(new BranchMessage.OpenAccount("t1", "Bob", CZK, 1L)).outcome())
        .isEqualTo("AM05");
    assertThat(
            bank.branch(new BranchMessage.OpenAccount("t1", "Bob", CZK, 10_000_000_000L)).outcome())
        .isEqualTo("AC01");
    assertThat(bank.branch(new BranchMessage.OpenAccount("t1", "Bob", CZK, -1L)).outcome())
        .isEqualTo("AC01");
    assertThat(
            bank.branch(new BranchMessage.OpenAccount("t1", "Bob", new CurrencyCode("USD"), null))
                .outcome())
        .isEqualTo("AM03");
    assertThat(bank.state.accountCount()).isEqualTo(1);
  }

  @Test
  void allowsNothingBeforeTermsAreSet() {
    TestBank unfounded = new TestBank(TestBank.A);
    assertThat(unfounded.branch(new BranchMessage.OpenAccount("t1", "Ada", CZK, null)).outcome())
        .isEqualTo("AM03");
  }

  @Test
  void closesAnEmptyAccountAndNoOther() {
    Iban account = bank.funded("Ada", 100);
    assertThat(bank.branch(new BranchMessage.CloseAccount("t1", account)).outcome())
        .isEqualTo("AG01");
    bank.payOut(account, 100, "empty it");
    assertThat(bank.branch(new BranchMessage.CloseAccount("t1", account)).outcome())
        .isEqualTo("accepted");
    assertThat(bank.branch(new BranchMessage.CloseAccount("t1", account)).outcome())
        .isEqualTo("AC04");
    assertThat(bank.payIn(account, 5, "late").outcome()).isEqualTo("AC04");
    assertThat(
            bank.branch(new BranchMessage.CloseAccount("t1", Iban.of(TestBank.A, 0, 77))).outcome())
        .isEqualTo("AC01");
  }

  @Test
  void neverReopensANumber() {
    Iban account = bank.open("Ada", CZK);
    bank.branch(new BranchMessage.CloseAccount("t1", account));
    assertThat(
            bank.branch(new BranchMessage.OpenAccount("t1", "Eve", CZK, account.number()))
                .outcome())
        .isEqualTo("AM05");
  }

  @Test
  void booksCashBothWaysAndTellsTheBranchItsCash() {
    Iban account = bank.funded("Ada", 1_000);
    assertThat(bank.cash()).isEqualTo(1_000);
    bank.payOut(account, 400, "withdrawal");
    assertThat(bank.booked(account)).isEqualTo(600);
    assertThat(((BranchNotice.CashBooked) bank.branchNotice()).branchCash())
        .isEqualTo(new Money(600, CZK));
  }

  @Test
  void capsTheCashOfABranchBothWays() {
    Iban account = bank.open("Ada", CZK);
    bank.setTerms(new LedgerTerms(List.of(CZK), 100, 100, 1_000, 100, Map.of(), 10));
    assertThat(bank.payIn(account, 1_000, "full").outcome()).isEqualTo("accepted");
    assertThat(bank.payIn(account, 1, "more").outcome()).isEqualTo("AM23");
    BranchMessage out =
        new BranchMessage.PayCashOut("t1", account, new Money(10, CZK), "elsewhere");
    assertThat(bank.take(bank.fromBranch("small-branch", 1, out)).getFirst().outcome())
        .as("a branch without cash")
        .isEqualTo("AM23");
    assertThat(bank.payOut(account, 1_000, "all").outcome()).isEqualTo("accepted");
    assertThat(bank.payOut(account, 1, "nothing left").outcome()).isEqualTo("AM04");
  }

  @Test
  void refusesAmountsThatAreNoneAndOtherCurrencies() {
    Iban account = bank.funded("Ada", 100);
    assertThat(bank.payIn(account, 0, "zero").outcome()).isEqualTo("AM01");
    assertThat(bank.payIn(account, -5, "minus").outcome()).isEqualTo("AM12");
    assertThat(
            bank.branch(new BranchMessage.PayCashIn("t1", account, new Money(5, EUR), "eur"))
                .outcome())
        .isEqualTo("AM03");
    assertThat(bank.payIn(Iban.of(TestBank.A, 0, 99), 5, "nobody").outcome()).isEqualTo("AC01");
    assertThat(bank.booked(account)).isEqualTo(100);
  }

  @Test
  void usesABranchReferenceOnce() {
    Iban account = bank.open("Ada", CZK);
    bank.payIn(account, 100, "slip 1");
    BranchNotice.CashBooked first = (BranchNotice.CashBooked) bank.branchNotice();
    bank.payIn(account, 50, "slip 2");
    assertThat(bank.payIn(account, 100, "slip 1").outcome()).isEqualTo("first-answer");
    assertThat(((BranchNotice.CashBooked) bank.branchNotice()).branchCash())
        .isEqualTo(first.branchCash());
    assertThat(bank.payIn(account, 101, "slip 1").outcome()).isEqualTo("AM05");
    assertThat(bank.payOut(account, 100, "slip 1").outcome()).as("out is not in").isEqualTo("AM05");
    assertThat(bank.booked(account)).isEqualTo(150);
    BranchMessage same = new BranchMessage.PayCashIn("t1", account, new Money(100, CZK), "slip 1");
    assertThat(bank.take(bank.fromBranch("other-branch", 1, same)).getFirst().outcome())
        .as("another branch has references of its own")
        .isEqualTo("accepted");
  }

  @Test
  void repeatsARefusalOfCash() {
    Iban account = bank.open("Ada", CZK);
    assertThat(bank.payOut(account, 10, "slip").outcome()).isEqualTo("AM04");
    bank.payIn(account, 100, "in");
    assertThat(bank.payOut(account, 10, "slip").outcome()).isEqualTo("first-answer");
    assertThat(((BranchNotice.Refused) bank.branchNotice()).reason().name()).isEqualTo("AM04");
    assertThat(bank.payOut(account, 10, "slip 2").outcome()).isEqualTo("accepted");
  }

  @Test
  void forgetsReferencesAfterThirtyDays() {
    Iban account = bank.open("Ada", CZK);
    bank.payIn(account, 100, "slip");
    bank.pass(References.LIFE_MILLIS - 1);
    assertThat(bank.payIn(account, 100, "slip").outcome()).isEqualTo("first-answer");
    bank.pass(1);
    assertThat(bank.payIn(account, 100, "slip").outcome()).isEqualTo("accepted");
    assertThat(bank.state.rememberedReferenceCount()).isEqualTo(1);
    assertThat(bank.payIn(account, 100, "slip").outcome())
        .as("remembered anew")
        .isEqualTo("first-answer");
  }

  @Test
  void neverLetsABalanceExceedWhatAnAmountCanSay() {
    bank.setTerms(new LedgerTerms(List.of(CZK), 1, 1, Long.MAX_VALUE, 1, Map.of(), 1));
    Iban account = bank.open("Ada", CZK);
    assertThat(bank.payIn(account, Money.MAX_MINOR, "all there is").outcome())
        .isEqualTo("accepted");
    BranchMessage more = new BranchMessage.PayCashIn("t1", account, new Money(1, CZK), "one more");
    assertThat(bank.take(bank.fromBranch("other", 1, more)).getFirst().outcome()).isEqualTo("AM12");
  }
}
