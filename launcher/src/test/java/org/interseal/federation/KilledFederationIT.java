package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Payments.payment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.client.PaymentOutcome;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole federation is killed in mid-run, more than once, and goes on from its data. */
class KilledFederationIT {
  private static final int PORT_BASE = 28_400;
  private static final int ORDERS = 300;
  private static final int CUSTOMERS_PER_BANK = 5;
  private static final long FUNDS_MINOR = 1_000_000;
  private static final int EVERY_REJECTED = 10;

  /** It is killed when so many orders have their final answer. */
  private static final List<Integer> KILLED_AT = List.of(40, 180);

  private static final Duration ORDER_LIMIT = Duration.ofMinutes(3);

  @TempDir Path data;

  private record Order(Customer payer, Customer payee, Payment payment, boolean toNobody) {}

  @Test
  void nothingIsLostAndNothingIsDoneTwice() throws Exception {
    ChildFederation child = ChildFederation.start(data, PORT_BASE);
    try (Federation federation = child.federation()) {
      List<Customer> customers = customers(federation);
      List<Order> orders = orders(customers);
      AtomicInteger answered = new AtomicInteger();
      List<CompletableFuture<PaymentOutcome>> outcomes = new ArrayList<>();
      for (Order order : orders) {
        outcomes.add(
            order
                .payer()
                .device()
                .payAndWait(order.payment(), ORDER_LIMIT)
                .whenComplete((_, _) -> answered.incrementAndGet()));
      }
      for (int moment : KILLED_AT) {
        Waiting.until(moment + " orders are answered", ORDER_LIMIT, () -> answered.get() >= moment);
        child.kill();
        assertThat(answered.get()).as("killed in mid-run").isLessThan(ORDERS);
        child = ChildFederation.start(data, PORT_BASE);
      }
      assertThat(child.federation().ports(A)).as("the same ports").isEqualTo(federation.ports(A));

      assertThat(endings(orders, outcomes)).isEqualTo(expectedEndings(orders));
      assertBalances(customers, orders);
      assertEveryPayeeToldOnce(orders);
      assertThat(federation.operators().totalMinor()).isEqualTo(customers.size() * FUNDS_MINOR);

      // Everything once more: the first answers, and nothing moves.
      List<CompletableFuture<PaymentOutcome>> again =
          orders.stream()
              .map(o -> o.payer().device().payAndWait(o.payment(), ORDER_LIMIT))
              .toList();
      assertThat(endings(orders, again)).isEqualTo(expectedEndings(orders));
      assertBalances(customers, orders);
      assertEveryPayeeToldOnce(orders);
    } finally {
      child.stop();
    }
    OfflineVerification.assertSound(data);
  }

  private static List<Customer> customers(Federation federation) throws Exception {
    List<Customer> customers = new ArrayList<>();
    for (int i = 0; i < CUSTOMERS_PER_BANK; i++) {
      customers.add(federation.customer(A, "At A " + i, FUNDS_MINOR));
      customers.add(federation.customer(B, "At B " + i, FUNDS_MINOR));
    }
    return customers;
  }

  /** Inside and between the banks, in both directions; some to an account that does not exist. */
  private static List<Order> orders(List<Customer> customers) {
    List<Order> orders = new ArrayList<>();
    for (int i = 0; i < ORDERS; i++) {
      Customer payer = customers.get(i % customers.size());
      Customer payee = customers.get((i + 1 + i / customers.size()) % customers.size());
      if (payee == payer) {
        payee = customers.get((i + 1) % customers.size());
      }
      boolean toNobody = i % EVERY_REJECTED == EVERY_REJECTED - 1;
      Iban account = toNobody ? Iban.of(payee.bank(), 0, 9_000_000_000L + i) : payee.account();
      orders.add(
          new Order(
              payer,
              payee,
              payment(payer, account, payee.bank(), payee.name(), 100 + i, Payments.reference()),
              toNobody));
    }
    return orders;
  }

  /** How every order ended; those without an answer are made again, as a customer would. */
  private static List<String> endings(
      List<Order> orders, List<CompletableFuture<PaymentOutcome>> outcomes) throws Exception {
    List<String> endings = new ArrayList<>();
    for (int i = 0; i < orders.size(); i++) {
      PaymentOutcome outcome = Waiting.get(outcomes.get(i), ORDER_LIMIT.plusSeconds(30));
      if (!outcome.isFinal()) {
        outcome = orders.get(i).payer().pay(orders.get(i).payment());
      }
      endings.add(Payments.ending(outcome));
    }
    return endings;
  }

  private static List<String> expectedEndings(List<Order> orders) {
    return orders.stream().map(order -> order.toNobody() ? "AC01" : "ACCC").toList();
  }

  private static void assertBalances(List<Customer> customers, List<Order> orders)
      throws Exception {
    Map<Customer, Long> expected = new HashMap<>();
    customers.forEach(customer -> expected.put(customer, FUNDS_MINOR));
    for (Order order : orders) {
      if (!order.toNobody()) {
        long minor = order.payment().amount().amountMinor();
        expected.merge(order.payer(), -minor, Long::sum);
        expected.merge(order.payee(), minor, Long::sum);
      }
    }
    for (Customer customer : customers) {
      assertThat(customer.bookedMinor()).as(customer.name()).isEqualTo(expected.get(customer));
      assertThat(customer.balance().available()).isEqualTo(customer.balance().booked());
    }
  }

  private static void assertEveryPayeeToldOnce(List<Order> orders) throws Exception {
    for (Order order : orders) {
      long expected = order.toNobody() ? 0 : 1;
      assertThat(order.payee().credits(order.payment().uetr()))
          .as("credits of %s", order.payment().instructionId())
          .isEqualTo(expected);
    }
  }
}
