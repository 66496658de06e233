package org.interseal.launcher.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on one data directory, on several days, at banks that forget references after 30. */
class OrdersRunTest {
  private static final List<String> ORDERS =
      List.of("o1,1,AB,7,100.00,SIPO", "o2,1,CD,8,20.00,", "o3,2,AB,7,3.00,");

  @TempDir Path data;
  private Instant now = Instant.parse("2026-11-20T23:00:00Z");
  private final RememberingBanks banks = new RememberingBanks(() -> now);
  private List<String> lines = new ArrayList<>();

  @BeforeEach
  void theFile() {
    lines = new ArrayList<>(ORDERS);
  }

  private List<PaymentOrder> orders() {
    List<String> file = new ArrayList<>(List.of(OrdersFile.HEADER));
    file.addAll(lines);
    return ((OrdersFile.Content.Orders) OrdersFile.parse(file, 1)).orders();
  }

  private OrdersReport run() throws Exception {
    now = now.plusSeconds(1);
    try (OrdersJournal journal = OrdersJournal.open(data.resolve("journal"))) {
      PrintStream nowhere =
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
      return new OrdersRun(banks, journal, () -> now, nowhere, false).run(orders());
    }
  }

  private void later(int days) {
    now = now.plus(Duration.ofDays(days));
  }

  private void assertMovedOnce() {
    assertThat(
            List.of(
                balanceOfPayee("o1"),
                balanceOfPayee("o2"),
                banks.balance(orders().getFirst().debtorAccount())))
        .containsExactly(103_00L, 20_00L, 0L);
  }

  private long balanceOfPayee(String orderId) {
    return banks.balance(
        orders().stream()
            .filter(order -> order.orderId().equals(orderId))
            .findFirst()
            .orElseThrow()
            .creditorAccount());
  }

  private static void assertAllAccepted(OrdersReport report, int orders) {
    assertThat(report.accepted()).isEqualTo(orders);
    assertThat(report.rejected()).isEmpty();
    assertThat(report.unanswered()).isZero();
    assertThat(report.conserved()).isTrue();
    assertThat(report.exitCode()).isZero();
  }

  @Test
  void theSameFileMovesMoneyOnceOnWhateverDay() throws Exception {
    assertAllAccepted(run(), 3);
    assertAllAccepted(run(), 3);
    later(2);
    assertAllAccepted(run(), 3);
    assertMovedOnce();
  }

  @Test
  void aPaymentMadeTwiceIsFoundThoughTotalsAgree() throws Exception {
    assertAllAccepted(run(), 3);
    banks.doubling = true;

    OrdersReport report = run();

    assertThat(report.totalsAfter()).isEqualTo(report.totalsBefore());
    assertThat(report.accepted()).isEqualTo(3);
    assertThat(report.conserved()).isFalse();
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @Test
  void anOrderWithoutAnswerIsNotGood() throws Exception {
    banks.lost = payment -> payment.instructionId().equals("o2");

    OrdersReport report = run();

    assertThat(report.unanswered()).isEqualTo(1);
    assertThat(report.conserved()).as("nobody knows whether it moved").isTrue();
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @Test
  void ordersThatWereNotSentAreMadeUpForDaysLater() throws Exception {
    banks.lost = payment -> !payment.instructionId().equals("o1");
    assertThat(run().unanswered()).isEqualTo(2);
    banks.lost = _ -> false;
    later(2);

    assertAllAccepted(run(), 3);
    assertMovedOnce();
  }

  @Test
  void ordersThatTheBankHasForgottenAreRefusedAsLateAndNotPaidAgain() throws Exception {
    assertAllAccepted(run(), 3);
    later(40);

    OrdersReport report = run();

    assertThat(report.rejected()).isEqualTo(Map.of("DT01", 3));
    assertThat(report.conserved()).isTrue();
    assertMovedOnce();
  }

  @Test
  void aLineAddedForAKnownPayerIsFundedByTheDifference() throws Exception {
    assertAllAccepted(run(), 3);
    lines.add("o4,1,AB,9,55.00,");

    assertAllAccepted(run(), 4);
    assertAllAccepted(run(), 4);
    assertMovedOnce();
    assertThat(balanceOfPayee("o4")).isEqualTo(55_00);
  }

  @Test
  void cashThatWasNotPaidInIsPaidInByTheNextRunThoughTheFileGrew() throws Exception {
    banks.branchesDown = true;
    assertThatThrownBy(this::run).hasMessageContaining("the branch did not answer");
    banks.branchesDown = false;
    lines.add("o4,1,AB,9,55.00,");

    assertAllAccepted(run(), 4);
    assertMovedOnce();
  }

  @Test
  void anotherFileOnTheSameDataIsAnsweredAndAudited() throws Exception {
    assertAllAccepted(run(), 3);
    lines = new ArrayList<>(List.of("p1,1,AB,7,1.00,", "p2,7,AB,7,2.00,"));
    assertAllAccepted(run(), 2);

    lines = new ArrayList<>(List.of("p1,1,AB,7,1.01,"));
    OrdersReport changed = run();
    assertThat(changed.rejected()).isEqualTo(Map.of("AM05", 1));
    assertThat(changed.conserved()).isTrue();
  }
}
