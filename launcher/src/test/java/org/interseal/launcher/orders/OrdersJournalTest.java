package org.interseal.launcher.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.interseal.launcher.orders.OrdersJournal.Ending;
import org.interseal.launcher.orders.OrdersJournal.Funding;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrdersJournalTest {
  private static final LocalDate FRIDAY = LocalDate.of(2026, 11, 20);
  private static final PaymentOrder ORDER =
      new PaymentOrder(2, "o1", 1, "AB", 7, new Money(100, PaymentOrder.CURRENCY), "SIPO", 1);
  private static final Iban PAYER = ORDER.debtorAccount();

  @TempDir Path folder;

  private OrdersJournal open() throws IOException {
    return OrdersJournal.open(folder.resolve("journal"));
  }

  @Test
  void keepsTheFirstDateAndTheFirstEndingOfAnOrder() throws Exception {
    Payment payment = ORDER.payment(FRIDAY);
    try (OrdersJournal journal = open()) {
      journal.submit(List.of(payment));
      journal.submit(List.of(ORDER.payment(FRIDAY.plusDays(3))));
      journal.ended(Map.of(payment.uetr(), Ending.SETTLED));
    }
    try (OrdersJournal journal = open()) {
      journal.ended(Map.of(payment.uetr(), Ending.REJECTED));
      assertThat(journal.firstDate(payment.uetr())).contains(FRIDAY);
      assertThat(journal.orders())
          .containsExactly(
              new OrdersJournal.Entry(FRIDAY, PAYER, ORDER.creditorAccount(), 100, Ending.SETTLED));
    }
  }

  @Test
  void fundsDifferencesUnderNumbersThatNeverChange() throws Exception {
    try (OrdersJournal journal = open()) {
      assertThat(journal.fund(Map.of(PAYER, 100L)))
          .isEqualTo(Map.of(PAYER, List.of(new Funding(1, 100, 100))));
    }
    try (OrdersJournal journal = open()) {
      assertThat(journal.fund(Map.of(PAYER, 130L)))
          .isEqualTo(Map.of(PAYER, List.of(new Funding(1, 100, 100), new Funding(2, 30, 130))));
      journal.funded(Map.of(PAYER, 130L));
    }
    try (OrdersJournal journal = open()) {
      assertThat(journal.fundedMinor(PAYER)).isEqualTo(130);
      assertThat(journal.fund(Map.of(PAYER, 120L))).isEqualTo(Map.of(PAYER, List.of()));
    }
  }

  @Test
  void takesALastLineThatWasCutOffAsNeverWritten() throws Exception {
    Path file = folder.resolve("journal");
    try (OrdersJournal journal = open()) {
      journal.submit(List.of(ORDER.payment(FRIDAY)));
    }
    String whole = Files.readString(file);
    Files.writeString(file, "settled " + ORDER.uetr().toString(), StandardOpenOption.APPEND);
    try (OrdersJournal journal = open()) {
      assertThat(journal.orders().iterator().next().ending()).isEqualTo(Ending.UNKNOWN);
      assertThat(Files.readString(file)).isEqualTo(whole);
    }
  }

  @Test
  void refusesAFileThatIsSomethingElse() throws Exception {
    Files.writeString(folder.resolve("journal"), "2026-11-20\n");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a journal of orders");
  }
}
