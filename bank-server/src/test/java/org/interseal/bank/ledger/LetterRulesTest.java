package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.bank.ledger.TestBank.CZK;
import static org.interseal.bank.ledger.TestBank.keys;

import org.interseal.crypto.KeyId;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.junit.jupiter.api.Test;

class LetterRulesTest {
  private static final long DAY_MILLIS = 86_400_000L;

  private final TestBank bank = TestBank.founded(TestBank.A);
  private final Iban account = bank.funded("Ada", 1_000);

  private LedgerInput.FromDevice letter(long number, long createdAtMillis, long expiresAtMillis) {
    return new LedgerInput.FromDevice(
        bank.reference(),
        keys("phone").deviceId(),
        KeyId.ofSpki(keys("phone").signing()),
        bank.nextMessageId(),
        number,
        createdAtMillis,
        expiresAtMillis,
        new DeviceMessage.QueryBalance(account));
  }

  private String outcomeOf(LedgerInput input) {
    return bank.take(input).getFirst().outcome();
  }

  @Test
  void takesEachNumberOnceInAnyOrder() {
    bank.enrol(account, "phone");
    assertThat(outcomeOf(letter(4, bank.now, bank.now + 1_000))).isEqualTo("accepted");
    assertThat(outcomeOf(letter(2, bank.now, bank.now + 1_000))).isEqualTo("accepted");
    assertThat(outcomeOf(letter(4, bank.now, bank.now + 1_000))).isEqualTo("duplicate");
    assertThat(outcomeOf(letter(2, bank.now, bank.now + 1_000))).isEqualTo("duplicate");
    assertThat(outcomeOf(letter(0, bank.now, bank.now + 1_000))).isEqualTo("unauthorised");
    assertThat(outcomeOf(letter(5_000, bank.now, bank.now + 1_000))).isEqualTo("accepted");
    assertThat(bank.take(letter(3, bank.now, bank.now + 1_000)).getFirst())
        .isEqualTo(Verdict.nothing("below-window"));
  }

  @Test
  void doesNotAnswerADuplicate() {
    bank.enrol(account, "phone");
    LedgerInput input = bank.fromDevice("phone", new DeviceMessage.QueryBalance(account));
    bank.take(input, input);
    assertThat(bank.notices("phone")).hasSize(1);
  }

  @Test
  void refusesAnExpiredMessageOnceAndAnswersIt() {
    bank.enrol(account, "phone");
    LedgerInput.FromDevice late = letter(2, bank.now - DAY_MILLIS, bank.now);
    assertThat(outcomeOf(late)).isEqualTo("DT04");
    assertThat(bank.notices("phone"))
        .singleElement()
        .isInstanceOfSatisfying(
            DeviceNotice.Refused.class, r -> assertThat(r.reason()).isEqualTo(ReasonCode.DT04));
    assertThat(bank.take(late).getFirst()).isEqualTo(Verdict.nothing("duplicate"));
    assertThat(outcomeOf(letter(3, bank.now - DAY_MILLIS + 1, bank.now + 1))).isEqualTo("accepted");
  }

  @Test
  void refusesMessagesThatLiveTooLong() {
    bank.enrol(account, "phone");
    assertThat(outcomeOf(letter(2, bank.now, bank.now + DAY_MILLIS))).isEqualTo("accepted");
    assertThat(outcomeOf(letter(3, bank.now, bank.now + DAY_MILLIS + 1))).isEqualTo("DT04");
    assertThat(outcomeOf(letter(4, bank.now + DAY_MILLIS, bank.now + 2 * DAY_MILLIS)))
        .as("dated ahead to live longer")
        .isEqualTo("DT04");
    assertThat(outcomeOf(letter(5, -1, bank.now + 1))).isEqualTo("DT04");
    assertThat(outcomeOf(letter(6, Long.MIN_VALUE, Long.MAX_VALUE))).isEqualTo("DT04");
    assertThat(outcomeOf(letter(7, Long.MAX_VALUE - 1, Long.MAX_VALUE))).isEqualTo("DT04");
  }

  @Test
  void givesABranchSevenDays() {
    BranchMessage message = new BranchMessage.PayCashIn("t1", account, new Money(1, CZK), "slip");
    assertThat(
            outcomeOf(
                new LedgerInput.FromBranch(
                    "r1/0",
                    "far",
                    bank.nextMessageId(),
                    1,
                    bank.now - 7 * DAY_MILLIS + 1,
                    bank.now + 1,
                    message)))
        .isEqualTo("accepted");
    assertThat(
            outcomeOf(
                new LedgerInput.FromBranch(
                    "r2/0",
                    "far",
                    bank.nextMessageId(),
                    2,
                    bank.now,
                    bank.now + 7 * DAY_MILLIS + 1,
                    message)))
        .isEqualTo("DT04");
    assertThat(
            outcomeOf(
                new LedgerInput.FromBranch(
                    "r3/0", "far", bank.nextMessageId(), 2, bank.now, bank.now + 1, message)))
        .isEqualTo("duplicate");
  }

  @Test
  void ignoresAnotherSigningKey() {
    bank.enrol(account, "phone");
    LedgerInput.FromDevice right = letter(2, bank.now, bank.now + 1_000);
    LedgerInput.FromDevice forged =
        new LedgerInput.FromDevice(
            right.reference(),
            right.deviceId(),
            KeyId.ofSpki(keys("eve").signing()),
            right.messageId(),
            2,
            right.createdAtMillis(),
            right.expiresAtMillis(),
            right.message());
    assertThat(bank.take(forged).getFirst()).isEqualTo(Verdict.nothing("unauthorised"));
    assertThat(outcomeOf(right)).as("the number is still there").isEqualTo("accepted");
  }

  @Test
  void hidesWhetherAForeignAccountExists() {
    bank.enrol(account, "phone");
    Iban other = bank.open("Eve", CZK);
    bank.device("phone", new DeviceMessage.QueryBalance(other));
    DeviceNotice.Refused existing = (DeviceNotice.Refused) bank.notices("phone").getFirst();
    bank.device("phone", new DeviceMessage.QueryBalance(Iban.of(TestBank.A, 0, 4_711)));
    DeviceNotice.Refused missing = (DeviceNotice.Refused) bank.notices("phone").getFirst();
    assertThat(existing.reason()).isEqualTo(ReasonCode.AG01);
    assertThat(missing.reason()).isEqualTo(existing.reason());
    assertThat(missing.detail()).isEqualTo(existing.detail());
  }

  @Test
  void setsAsideWhatCannotBeRead() {
    assertThat(outcomeOf(new LedgerInput.Unusable("junk/0", "not an envelope")))
        .isEqualTo("set-aside");
    assertThat(bank.blocks.getLast().events())
        .containsExactly(new LedgerEvent.InputSetAside("junk/0", "not an envelope"));
  }
}
