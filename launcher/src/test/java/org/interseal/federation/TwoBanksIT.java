package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Federation.CZK;
import static org.interseal.federation.Payments.pay;
import static org.interseal.federation.Payments.payment;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.interseal.client.AccountStatement;
import org.interseal.client.BankClient;
import org.interseal.client.Device;
import org.interseal.client.Reply;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Two banks in one JVM: what customers do, what they are refused, and that a restart keeps it all.
 */
class TwoBanksIT {
  private static final long CAP_MINOR = 200_000;
  private static final Duration OFFICERS_LIMIT = Duration.ofMinutes(3);

  @TempDir static Path shared;
  private static @Nullable Federation running;

  @BeforeAll
  static void startOnce() throws Exception {
    running = start(shared);
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      running.close();
    }
  }

  private static Federation running() {
    return Objects.requireNonNull(running);
  }

  private static Federation start(Path data) throws Exception {
    return Federation.in(data).with("interseal.terms.counterparty-cap-minor", CAP_MINOR).start();
  }

  @Test
  void customersPayInsideAndBetweenBanksAndARestartKeepsEverything(@TempDir Path data)
      throws Exception {
    Customer alice;
    Customer anna;
    Customer bob;
    Payment between;
    try (Federation federation = start(data)) {
      alice = federation.customer(A, "Alice", 500_000);
      anna = federation.customer(A, "Anna", 0);
      bob = federation.customer(B, "Bob", 0);

      Payment inside = payment(alice, anna, 12_345);
      assertThat(pay(alice, inside)).isEqualTo("ACCC");
      between = payment(alice, bob, 40_000);
      assertThat(pay(alice, between)).isEqualTo("ACCC");
      assertThat(pay(bob, anna, 5_000)).isEqualTo("ACCC");

      assertToldOnce(alice, inside, anna);
      assertToldOnce(alice, between, bob);
      assertBalances(alice, 447_655, anna, 17_345, bob, 35_000);
      assertStatement(alice, List.of(-40_000L, -12_345L, 500_000L), 447_655);
      assertThat(federation.operators().totalMinor()).isEqualTo(500_000);
    }
    try (Federation federation = start(data)) {
      for (Customer customer : List.of(alice, anna, bob)) {
        customer.reconnect(federation.client(customer.bank()));
      }
      assertBalances(alice, 447_655, anna, 17_345, bob, 35_000);
      assertThat(pay(alice, between)).as("the first answer again").isEqualTo("ACCC");
      assertThat(pay(alice, bob, 1_000)).isEqualTo("ACCC");
      assertBalances(alice, 446_655, anna, 17_345, bob, 36_000);
      assertStatement(alice, List.of(-1_000L, -40_000L, -12_345L, 500_000L), 446_655);
      assertThat(bob.credits(between.uetr())).isEqualTo(1);
      assertThat(federation.operators().totalMinor()).isEqualTo(500_000);
    }
  }

  private static void assertToldOnce(Customer payer, Payment payment, Customer payee)
      throws Exception {
    Waiting.until("the payee is told", () -> payee.credits(payment.uetr()) >= 1);
    // An answer to a later question: what was owed before it has been delivered.
    assertThat(payee.balance().account()).isEqualTo(payee.account());
    assertThat(payer.balance().account()).isEqualTo(payer.account());
    assertThat(payee.credits(payment.uetr())).isEqualTo(1);
    assertThat(payer.finalStatuses(payment.uetr())).isEqualTo(1);
  }

  private static void assertBalances(
      Customer first,
      long firstMinor,
      Customer second,
      long secondMinor,
      Customer third,
      long thirdMinor)
      throws Exception {
    assertThat(List.of(first.bookedMinor(), second.bookedMinor(), third.bookedMinor()))
        .containsExactly(firstMinor, secondMinor, thirdMinor);
    assertThat(first.balance().available().amountMinor()).isEqualTo(firstMinor);
  }

  private static void assertStatement(
      Customer customer, List<Long> amountsFromNewest, long closingMinor) throws Exception {
    AccountStatement statement = customer.statement();
    assertThat(statement.opening()).contains(new Money(0, CZK));
    assertThat(statement.closing()).contains(new Money(closingMinor, CZK));
    assertThat(statement.entries().stream().map(entry -> entry.amount().amountMinor()))
        .containsExactlyElementsOf(amountsFromNewest);
  }

  @Test
  void whatCannotBePaidIsRefusedWithItsReasonAndMovesNothing() throws Exception {
    Federation federation = running();
    long before = federation.operators().totalMinor();
    Customer alice = federation.customer(A, "Alice", 400_000);
    Customer bob = federation.customer(B, "Bob", 0);
    Customer gone = federation.customer(B, "Gone", 0);
    assertThat(federation.closeAccount(gone).statusCode()).isEqualTo(200);

    assertThat(pay(alice, bob, 400_001)).isEqualTo("AM04");
    assertThat(pay(alice, gone, 100)).isEqualTo("AC04");
    assertThat(pay(alice, unknown(alice, Iban.of(B, 0, 9_999_999_999L)))).isEqualTo("AC01");
    assertThat(pay(alice, bob, CAP_MINOR + 1)).isEqualTo("AM23");
    assertThat(alice.bookedMinor())
        .as("rejected at the payee's bank and given back")
        .isEqualTo(400_000);

    Payment first = payment(alice, bob, 700);
    assertThat(pay(alice, first)).isEqualTo("ACCC");
    Payment other = payment(alice, bob.account(), B, bob.name(), 800, first.instructionId());
    assertThat(pay(alice, other)).isEqualTo("AM05");
    assertThat(pay(alice, first)).as("the first answer again").isEqualTo("ACCC");

    assertExpiredLetterIsRefused(federation, alice, bob);
    assertThat(alice.bookedMinor()).isEqualTo(399_300);
    assertThat(bob.bookedMinor()).isEqualTo(700);
    assertThat(federation.operators().totalMinor()).isEqualTo(before + 400_000);
  }

  private static Payment unknown(Customer from, Iban account) {
    return payment(from, account, B, "Nobody", 100, Payments.reference());
  }

  private static void assertExpiredLetterIsRefused(
      Federation federation, Customer from, Customer to) throws Exception {
    Instant now = InstantSource.system().instant();
    BankClient bank = federation.client(from.bank());
    String envelope =
        Letters.sealed(
            Party.device(from.bank(), from.device().deviceId()),
            from.memory().keys().signing(),
            from.bank(),
            bank.directory().bank(from.bank()).orElseThrow().encryptionKey(),
            from.memory().profile().nextNumber() + 100,
            new DeviceMessage.InstructPayment(payment(from, to, 50)),
            now.minus(Duration.ofHours(3)),
            now.minus(Duration.ofHours(1)));
    assertThat(
            Letters.post(
                    federation.http(),
                    federation.ports(from.bank()).gateway(),
                    from.memory().keys(),
                    envelope)
                .statusCode())
        .isEqualTo(202);
    Waiting.until(
        "the expired letter is refused with DT04",
        () -> {
          var _ = Waiting.get(from.device().poll());
          return from.notices().stream()
              .anyMatch(n ->
                  n instanceof DeviceNotice.Refused refused && refused.reason() == ReasonCode.DT04);
        });
  }

  @Test
  void aSecondDeviceWorksWhileItIsLinkedAndNoLonger() throws Exception {
    Federation federation = running();
    Customer alice = federation.customer(A, "Alice", 10_000);
    Customer bob = federation.customer(B, "Bob", 0);
    BankClient bank = federation.client(A);
    Device second = Device.prepared(bank, Customer.newMemory(), alice.account(), "tablet");

    assertThat(Waiting.get(second.balance(alice.account(), Duration.ofSeconds(5))))
        .isNotInstanceOf(Reply.Answered.class);
    var _ =
        Customer.answered(
            Waiting.get(
                alice.device().approve(second.publicKeys(), "tablet", Customer.ANSWER_LIMIT)));
    Waiting.until(
        "the second device is let in",
        () ->
            Waiting.get(second.balance(alice.account(), Duration.ofSeconds(5)))
                instanceof Reply.Answered);
    Payment bySecond = payment(alice, bob, 2_500);
    assertThat(Payments.ending(Waiting.get(second.payAndWait(bySecond, Customer.ANSWER_LIMIT))))
        .isEqualTo("ACCC");

    var _ =
        Customer.answered(
            Waiting.get(alice.device().unlink(second.deviceId(), Customer.ANSWER_LIMIT)));
    assertThat(
            Payments.ending(
                Waiting.get(second.payAndWait(payment(alice, bob, 2_500), Duration.ofSeconds(5)))))
        .startsWith("none");
    assertThat(alice.bookedMinor()).isEqualTo(7_500);
    assertThat(bob.bookedMinor()).isEqualTo(2_500);
  }

  @Test
  void aSuspendedBankIsPaidNothingUntilItIsReinstated() throws Exception {
    Federation federation = running();
    long before = federation.operators().totalMinor();
    Customer alice = federation.customer(A, "Alice", 100_000);
    Customer bob = federation.customer(B, "Bob", 0);
    assertThat(pay(alice, bob, 1_000)).isEqualTo("ACCC");

    federation.authority().decides(B, "suspension");
    Waiting.until("payments are refused with AGNT", () -> pay(alice, bob, 1).equals("AGNT"));
    long paidMinor = 100_000 - alice.bookedMinor();
    assertThat(pay(alice, bob, 1_000)).isEqualTo("AGNT");
    assertThat(alice.bookedMinor()).isEqualTo(100_000 - paidMinor);

    federation.authority().decides(B, "reinstatement");
    Waiting.until("payments are accepted again", () -> pay(alice, bob, 10_000).equals("ACCC"));
    assertThat(alice.bookedMinor()).isEqualTo(90_000 - paidMinor);
    assertThat(bob.bookedMinor()).isEqualTo(paidMinor + 10_000);
    assertThat(federation.operators().totalMinor()).isEqualTo(before + 100_000);
  }

  @Test
  void moneyThatWaitsForASuspendedBankEndsByTheAuthoritysWord() throws Exception {
    Federation federation = running();
    StoreOperator store = new StoreOperator(federation.directory());
    Customer alice = federation.customer(A, "Alice", 100_000);
    Customer bob = federation.customer(B, "Bob", 0);
    Payment toReturn = payment(alice, bob, 10_000);
    Payment toSettle = payment(alice, bob, 20_000);
    // Nothing reaches B any more.
    store.startForgetting(B);
    try {
      var returned = alice.device().payAndWait(toReturn, OFFICERS_LIMIT);
      Waiting.until("one waits", () -> waiting(federation).size() == 1);
      var settled = alice.device().payAndWait(toSettle, OFFICERS_LIMIT);
      Waiting.until("two wait", () -> waiting(federation).size() == 2);
      JsonNode first = waiting(federation).get(0).path("transfer");
      JsonNode second = waiting(federation).get(1).path("transfer");
      federation.authority().decides(B, "suspension");

      // The officer's word is published, and applied by itself.
      federation
          .authority()
          .decides("/v1/resolutions", first.toString().replaceFirst("}$", ",\"settled\":false}"));
      assertThat(Payments.ending(Waiting.get(returned, OFFICERS_LIMIT))).isEqualTo("RR04");
      // The other reaches the operator alone, who publishes it.
      String row = federation.authority().signs(second, true);
      String forged = row.replace("\"statement\":\"", "\"statement\":\"A");
      assertThat(federation.operators().post(A, "/actuator/resolutions", row(forged)))
          .isEqualTo(400);
      assertThat(waiting(federation)).hasSize(1);
      assertThat(federation.operators().post(A, "/actuator/resolutions", row(row))).isEqualTo(200);
      assertThat(Payments.ending(Waiting.get(settled, OFFICERS_LIMIT))).isEqualTo("ACCC");

      assertThat(waiting(federation)).isEmpty();
      assertThat(alice.bookedMinor()).isEqualTo(80_000);
      JsonNode known = federation.operators().read(A, "/actuator/resolutions");
      assertThat(List.of(known.get(0), known.get(1)))
          .extracting(each -> each.path("transfer").path("transferNumber").asLong())
          .containsExactly(
              first.path("transferNumber").asLong(), second.path("transferNumber").asLong());
    } finally {
      store.stopForgetting();
      federation.authority().decides(B, "reinstatement");
    }
    Waiting.until("payments are accepted again", () -> pay(alice, bob, 1_000).equals("ACCC"));
    assertThat(alice.bookedMinor()).isEqualTo(79_000);
  }

  private static JsonNode waiting(Federation federation) throws Exception {
    return federation.operators().read(A, "/actuator/resolutions/" + B);
  }

  private static String row(String body) {
    return ProtocolJson.encodeText(Map.of("row", body));
  }
}
