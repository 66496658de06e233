package org.interseal.launcher.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.interseal.launcher.orders.OrdersFile.Complaint;
import org.interseal.launcher.orders.OrdersFile.Content;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrdersFileTest {
  @Test
  void readsOrdersWithCarriageReturnsAndBlankPurposes() {
    Content content =
        OrdersFile.parse(
            List.of(
                OrdersFile.HEADER + "\r",
                "29401,1,YZ,87144583,2452.00,SIPO\r",
                "7,2,AB,5,1.5, \r",
                ""),
            2);

    assertThat(content).isInstanceOf(Content.Orders.class);
    List<PaymentOrder> orders = ((Content.Orders) content).orders();
    assertThat(orders).hasSize(2);
    assertThat(orders.getFirst().amount().amountMinor()).isEqualTo(245_200);
    assertThat(orders.getLast().amount().decimal()).isEqualTo("1.50");
    assertThat(orders.getLast().purpose()).isEmpty();
    assertThat(orders.getFirst().debtorAccount().partition()).isEqualTo(1);
    assertThat(orders.getLast().debtorAccount().partition()).isZero();
    assertThat(orders.getLast().creditorAccount().partition()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,AB,3,4.00|6 fields are needed, there are 5",
        "1,x,AB,3,4.00,|account_id needs 1 to 10 digits",
        "1,2,ab,3,4.00,|bank_to needs two capital letters",
        "1,2,AB,,4.00,|account_to needs 1 to 10 digits",
        "1,2,AB,3,-4.00,|amount needs up to 13 digits and at most two decimal places",
        "1,2,AB,3,4.001,|amount needs up to 13 digits and at most two decimal places",
        "1,2,AB,3,0.00,|amount must be more than zero",
        "9,2,AB,3,4.00,|order_id 9 was used in line 2",
      })
  void namesAMalformedLineByNumberAndReason(String line, String reason) {
    Content content = OrdersFile.parse(List.of(OrdersFile.HEADER, "9,2,AB,3,4.00,", line), 1);

    assertThat(content).isEqualTo(new Content.Malformed(List.of(new Complaint(3, reason))));
  }

  @Test
  void refusesAFileWithAnotherHeader() {
    assertThat(OrdersFile.parse(List.of("a,b"), 1)).isInstanceOf(Content.Malformed.class);
  }

  @Test
  void namesTheSameTransactionAtEveryRun() {
    PaymentOrder order =
        ((Content.Orders) OrdersFile.parse(List.of(OrdersFile.HEADER, "1,2,AB,3,4.00,SIPO"), 1))
            .orders()
            .getFirst();

    assertThat(order.uetr()).isEqualTo(order.uetr());
    assertThat(order.uetr().version()).isEqualTo(4);
    assertThat(order.uetr().variant()).isEqualTo(2);
  }

  @Test
  void readsTheRealOrders() throws IOException {
    Optional<Path> file = realOrders();
    Assumptions.assumeTrue(
        file.isPresent(), "the shared payment orders are not beside this checkout: skipped");

    Content content = OrdersFile.read(file.get(), 1);

    assertThat(((Content.Orders) content).orders()).hasSize(1_000);
    assertThat(OrdersFile.bankCodes(((Content.Orders) content).orders())).hasSize(13);
  }

  static Optional<Path> realOrders() {
    return Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
        .map(p -> p.resolve("shared/data/payment-orders-1000.csv"))
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
