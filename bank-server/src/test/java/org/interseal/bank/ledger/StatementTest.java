package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.bank.ledger.TestBank.A;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.interseal.crypto.Envelope;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice.Statement;
import org.interseal.protocol.message.DeviceNotice.StatementEntry;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatementTest {
  private static final LocalDate DAY_1 = LocalDate.of(2026, 11, 2);
  private static final long DAY_MILLIS = 86_400_000L;

  private final TestBank bank = TestBank.founded(A);
  private final Iban ada = bank.funded("Ada", 1_000_00);
  private final Iban bob = bank.open("Bob", CZK);
  private final String device = bank.enrol(ada, "ada");

  private Statement page(LocalDate from, LocalDate to, @Nullable String continuation) {
    Decision decision =
        bank.device("ada", new DeviceMessage.QueryStatement(ada, from, to, continuation));
    assertThat(decision.outcome()).isEqualTo("accepted");
    OutgoingMessage.StatementToDevice asked =
        (OutgoingMessage.StatementToDevice) bank.messages.getFirst();
    assertThat(asked.deviceId()).isEqualTo(device);
    return StatementBuilder.page(asked, bank.state.newest(ada).orElseThrow(), bank::block);
  }

  private static Money czk(long minor) {
    return new Money(minor, CZK);
  }

  @Test
  void listsEverythingFromTheNewestBack() {
    bank.pay("ada", bank.payment("rent", ada, bob, A, 300));
    bank.pay("ada", bank.payment("invoice", ada, Iban.of(B, 0, 7), B, 500));
    Transfer transfer = bank.transfersOwed().getFirst();
    bank.take(bank.report(B, TestBank.answer(transfer, ReasonCode.AC01), 3));
    bank.payOut(ada, 50, "cash");
    Statement statement = page(DAY_1, DAY_1, null);
    assertThat(statement.entries())
        .extracting(StatementEntry::kind)
        .containsExactly("cash-out", "reversal", "payment", "payment", "cash-in");
    assertThat(statement.entries())
        .extracting(e -> e.amount().amountMinor())
        .containsExactly(-50L, 500L, -500L, -300L, 1_000_00L);
    assertThat(statement.opening()).isEqualTo(czk(0));
    assertThat(statement.closing()).isEqualTo(czk(bank.booked(ada)));
    assertThat(statement.continuation()).isNull();
    StatementEntry reversal = statement.entries().get(1);
    assertThat(reversal.instructionId()).isEqualTo("invoice");
    assertThat(reversal.counterparty()).isEqualTo("Payee");
  }

  @Test
  void keepsToTheDatesAndStillAddsUp() {
    bank.pass(DAY_MILLIS);
    bank.pay("ada", bank.payment("day two", ada, bob, A, 10));
    bank.pass(DAY_MILLIS);
    bank.pay("ada", bank.payment("day three", ada, bob, A, 20));
    Statement second = page(DAY_1.plusDays(1), DAY_1.plusDays(1), null);
    assertThat(second.entries())
        .extracting(StatementEntry::instructionId)
        .containsExactly("day two");
    assertThat(second.opening()).isEqualTo(czk(1_000_00));
    assertThat(second.closing()).isEqualTo(czk(1_000_00 - 10));
    Statement before = page(DAY_1.minusDays(9), DAY_1.minusDays(1), null);
    assertThat(before.entries()).isEmpty();
    assertThat(before.opening()).isEqualTo(czk(0));
    assertThat(before.closing()).isEqualTo(czk(0));
    Statement after = page(DAY_1.plusDays(5), DAY_1.plusDays(9), null);
    assertThat(after.entries()).isEmpty();
    assertThat(after.opening()).isEqualTo(czk(1_000_00 - 30));
    assertThat(after.closing()).isEqualTo(after.opening());
  }

  @Test
  void goesOnInPagesThroughBlocksThatTouchTheAccountManyTimes() {
    List<LedgerInput> inputs = new ArrayList<>();
    for (int i = 0; i < 450; i++) {
      inputs.add(
          bank.fromDevice(
              "ada",
              new DeviceMessage.InstructPayment(bank.payment("p" + i, ada, bob, A, 1 + i % 3))));
      if (inputs.size() == 150) {
        bank.take(inputs);
        inputs.clear();
      }
    }
    List<StatementEntry> entries = new ArrayList<>();
    @Nullable String continuation = null;
    int pages = 0;
    Statement last;
    do {
      last = page(DAY_1, DAY_1, continuation);
      assertThat(last.closing() != null)
          .as("closing on the first page alone")
          .isEqualTo(pages == 0);
      entries.addAll(last.entries());
      continuation = last.continuation();
      pages++;
      assertThat(last.opening() != null)
          .as("opening on the last page alone")
          .isEqualTo(continuation == null);
    } while (continuation != null);
    assertThat(pages).isEqualTo(3);
    assertThat(entries).hasSize(451).doesNotHaveDuplicates();
    long sum = entries.stream().mapToLong(e -> e.amount().amountMinor()).sum();
    assertThat(sum).isEqualTo(bank.booked(ada));
    assertThat(entries.getFirst().instructionId()).isEqualTo("p449");
  }

  /** As a server answers that has only what follows a closed period. */
  private Statement pageWithout(long closedHeight, String continuation, LocalDate from) {
    OutgoingMessage.StatementToDevice asked =
        (OutgoingMessage.StatementToDevice) bank.messages.getFirst();
    assertThat(asked.continuation()).isEqualTo(continuation.isEmpty() ? null : continuation);
    assertThat(asked.fromDate()).isEqualTo(from);
    return StatementBuilder.page(
        asked,
        bank.state.newest(ada).orElseThrow(),
        height -> height <= closedHeight ? java.util.Optional.empty() : bank.block(height));
  }

  @Test
  void endsWhereHistoryIsClosedWithTheBalanceBeforeIt() {
    bank.pay("ada", bank.payment("closed", ada, bob, A, 300));
    long closed = bank.state.height();
    bank.pay("ada", bank.payment("kept", ada, bob, A, 20));
    bank.pay("ada", bank.payment("kept too", ada, bob, A, 3));

    Statement whole = page(DAY_1, DAY_1, null);
    Statement kept = pageWithout(closed, "", DAY_1);

    assertThat(whole.earlierClosed()).isNull();
    assertThat(kept.earlierClosed()).isTrue();
    assertThat(kept.entries()).isEqualTo(whole.entries().subList(0, 2));
    assertThat(kept.opening()).isEqualTo(czk(1_000_00 - 300));
    assertThat(kept.closing()).isEqualTo(whole.closing());
    assertThat(kept.continuation()).isNull();
  }

  @Test
  void anAccountThatWasNotTouchedSinceTheClosingHasItsBalanceBothWays() {
    bank.pay("ada", bank.payment("closed", ada, bob, A, 300));
    long closed = bank.state.height();
    var _ = page(DAY_1, DAY_1, null);

    Statement kept = pageWithout(closed, "", DAY_1);

    assertThat(kept.entries()).isEmpty();
    assertThat(kept.earlierClosed()).isTrue();
    assertThat(kept.opening()).isEqualTo(czk(1_000_00 - 300));
    assertThat(kept.closing()).isEqualTo(czk(1_000_00 - 300));
  }

  @Test
  void aStatementAskedForBeforeLaterPaymentsStillEndsWithItsOwnBalance() {
    bank.pay("ada", bank.payment("closed", ada, bob, A, 300));
    long closed = bank.state.height();
    var _ = page(DAY_1, DAY_1, null);
    OutgoingMessage.StatementToDevice asked =
        (OutgoingMessage.StatementToDevice) bank.messages.getFirst();
    bank.pay("ada", bank.payment("later", ada, bob, A, 20));
    bank.pay("ada", bank.payment("later too", ada, bob, A, 3));

    Statement kept =
        StatementBuilder.page(
            asked,
            bank.state.newest(ada).orElseThrow(),
            height -> height <= closed ? java.util.Optional.empty() : bank.block(height));

    assertThat(kept.entries()).isEmpty();
    assertThat(kept.opening()).isEqualTo(czk(1_000_00 - 300));
    assertThat(kept.closing()).isEqualTo(czk(1_000_00 - 300));
  }

  @Test
  void anAccountWithoutEntriesHasZeroBothWays() {
    bank.enrol(bob, "bob");
    bank.device("bob", new DeviceMessage.QueryStatement(bob, DAY_1, DAY_1, null));
    Statement statement =
        StatementBuilder.page(
            (OutgoingMessage.StatementToDevice) bank.messages.getFirst(),
            bank.state.newest(bob).orElseThrow(),
            bank::block);
    assertThat(statement.opening()).isEqualTo(czk(0));
    assertThat(statement.closing()).isEqualTo(czk(0));
  }

  @Test
  void passesAnyNumberOfNewerBlocksWithoutReadingThemAllAtOnce() {
    bank.pass(DAY_MILLIS);
    for (int i = 0; i < StatementBuilder.MAX_BLOCKS + 10; i++) {
      bank.pay("ada", bank.payment("later " + i, ada, bob, A, 1));
    }
    Statement passing = page(DAY_1, DAY_1, null);
    assertThat(passing.entries()).isEmpty();
    assertThat(passing.closing()).isNull();
    Statement reached = page(DAY_1, DAY_1, passing.continuation());
    assertThat(reached.entries()).hasSize(1);
    assertThat(reached.closing()).isEqualTo(czk(1_000_00));
    assertThat(reached.opening()).isEqualTo(czk(0));
  }

  @Test
  void survivesInventedContinuations() {
    for (String invented : List.of("999999999999999.0", "1.0", "3.999999999", "1.0.n")) {
      assertThat(page(DAY_1, DAY_1, invented).entries()).hasSizeLessThanOrEqualTo(1);
    }
    assertThat(
            bank.device("ada", new DeviceMessage.QueryStatement(ada, DAY_1, DAY_1, "../../x"))
                .outcome())
        .isEqualTo("FF01");
  }

  @Test
  void refusesForeignAccountsAndReversedDates() {
    assertThat(
            bank.device("ada", new DeviceMessage.QueryStatement(bob, DAY_1, DAY_1, null)).outcome())
        .isEqualTo("AG01");
    assertThat(
            bank.device(
                    "ada", new DeviceMessage.QueryStatement(ada, DAY_1, DAY_1.minusDays(1), null))
                .outcome())
        .isEqualTo("DT01");
  }

  @Test
  void endsAPageBeforeItIsTooLongForAnEnvelope() {
    String wide = "\u8cc7";
    List<LedgerInput> inputs = new ArrayList<>();
    for (int i = 0; i < StatementBuilder.MAX_ENTRIES; i++) {
      Payment plain = bank.payment("p" + i, ada, bob, A, 1);
      Payment longest =
          new Payment(
              ("p" + i + wide.repeat(35)).substring(0, 35),
              wide.repeat(35),
              plain.uetr(),
              plain.debtor(),
              new PartyAccount(wide.repeat(70), bob, A),
              plain.amount(),
              null,
              wide.repeat(140),
              null,
              plain.chargeBearer(),
              plain.requestedExecutionDate());
      inputs.add(bank.fromDevice("ada", new DeviceMessage.InstructPayment(longest)));
    }
    bank.take(inputs);
    List<StatementEntry> entries = new ArrayList<>();
    @Nullable String continuation = null;
    do {
      Statement page = page(DAY_1, DAY_1, continuation);
      assertThat(ProtocolJson.encode(page).size())
          .isLessThan(StatementBuilder.MAX_ENTRIES_BYTES + 2_048)
          .isLessThan(Envelope.MAX_BODY_BYTES);
      assertThat(page.entries()).isNotEmpty();
      entries.addAll(page.entries());
      continuation = page.continuation();
    } while (continuation != null);
    assertThat(entries).hasSize(StatementBuilder.MAX_ENTRIES + 1).doesNotHaveDuplicates();
    assertThat(ProtocolJson.encode(entries).size()).isGreaterThan(Envelope.MAX_BODY_BYTES);
  }
}
