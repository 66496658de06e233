package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Payments.pay;
import static org.interseal.federation.Payments.payment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.interseal.client.PaymentOutcome;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.store.NewRow;
import org.interseal.store.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operator of the store attacks: it can stop everything, and change nothing. */
@ExtendWith(AttackedFederation.class)
class StoreOperatorIT {
  private static final long FUNDS_MINOR = 100_000;

  private final Federation federation;
  private final StoreOperator operator;

  StoreOperatorIT(Federation federation) {
    this.federation = federation;
    this.operator = new StoreOperator(federation.directory());
  }

  @Test
  void rowsReplayedUnderOtherIdsAndInOtherOrderMoveNothing() throws Exception {
    Customer alice = federation.customer(A, "Alice", FUNDS_MINOR);
    Customer bob = federation.customer(B, "Bob", FUNDS_MINOR);
    List<Payment> payments = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      payments.add(payment(alice, bob, i * 100L));
      assertThat(pay(alice, payments.getLast())).isEqualTo("ACCC");
    }
    long total = federation.operators().totalMinor();
    for (BankId bank : List.of(A, B)) {
      List<NewRow> replays = new ArrayList<>();
      for (Row row : operator.transactions(bank).reversed()) {
        replays.add(new NewRow(bank.value(), SubmissionId.rowId(bank, row.body(), 7), row.body()));
        replays.add(
            new NewRow(bank.value(), "operator-" + replays.size() + "-" + bank, row.body()));
      }
      operator.insert(replays);
    }
    // What was inserted before is read before.
    assertThat(pay(alice, bob, 1)).isEqualTo("ACCC");
    assertThat(pay(bob, alice, 2)).isEqualTo("ACCC");
    assertThat(alice.bookedMinor()).isEqualTo(FUNDS_MINOR - 1_500 - 1 + 2);
    assertThat(bob.bookedMinor()).isEqualTo(FUNDS_MINOR + 1_500 + 1 - 2);
    for (Payment payment : payments) {
      assertThat(bob.credits(payment.uetr())).isEqualTo(1);
    }
    assertThat(federation.operators().totalMinor()).isEqualTo(total);
  }

  @Test
  void anIdThatIsTakenByOtherContentKeepsNoMessageOut() throws Exception {
    Customer alice = federation.customer(A, "Alice", FUNDS_MINOR);
    Customer bob = federation.customer(A, "Bob", 0);
    Payment payment = payment(alice, bob, 1_234);
    String envelope =
        Letters.sealed(
            Party.device(A, alice.device().deviceId()),
            alice.memory().keys().signing(),
            A,
            federation.client(A).directory().bank(A).orElseThrow().encryptionKey(),
            alice.memory().profile().nextNumber() + 50,
            new DeviceMessage.InstructPayment(payment));
    operator.insert(List.of(new NewRow(A.value(), SubmissionId.of(A, envelope), "taken")));
    assertThat(
            Letters.post(
                    federation.http(),
                    federation.ports(A).gateway(),
                    alice.memory().keys(),
                    envelope)
                .statusCode())
        .isEqualTo(202);
    Waiting.until("the payment arrives", () -> bob.credits(payment.uetr()) == 1);
    assertThat(bob.bookedMinor()).isEqualTo(1_234);
  }

  @Test
  void aBlocksPlaceThatIsTakenByJunkStopsNoChain() throws Exception {
    Customer alice = federation.customer(A, "Alice", FUNDS_MINOR);
    Customer bob = federation.customer(A, "Bob", 0);
    long height = federation.operators().height(A);
    List<NewRow> junk = new ArrayList<>();
    for (long next = height + 1; next <= height + 20; next++) {
      for (int attempt = 0; attempt < 2; attempt++) {
        String id = String.format(Locale.ROOT, "p00.%012d.%02d", next, attempt);
        junk.add(new NewRow("p00", id, attempt == 0 ? "{}" : "junk"));
      }
    }
    operator.insertBlocks(A, junk);
    for (int i = 0; i < 5; i++) {
      assertThat(pay(alice, bob, 10)).isEqualTo("ACCC");
    }
    assertThat(federation.operators().height(A)).isGreaterThanOrEqualTo(height + 5);
    assertThat(bob.bookedMinor()).isEqualTo(50);
  }

  @Test
  void rowsThatAreAcknowledgedAndForgottenAreSentAgain() throws Exception {
    Customer alice = federation.customer(A, "Alice", FUNDS_MINOR);
    Customer bob = federation.customer(B, "Bob", 0);
    operator.startForgetting(B);
    Payment transfer = payment(alice, bob, 500);
    CompletableFuture<PaymentOutcome> outcome;
    try {
      outcome = alice.device().payAndWait(transfer, Customer.ANSWER_LIMIT);
      Waiting.until(
          "the transfer was sent",
          () -> alice.balance().booked().amountMinor() == FUNDS_MINOR - 500);
    } finally {
      operator.stopForgetting();
    }
    assertThat(Payments.ending(Waiting.get(outcome))).isEqualTo("ACCC");

    operator.startForgetting(A);
    Payment instruction = payment(alice, bob, 70);
    try {
      assertThat(
              Payments.ending(
                  Waiting.get(alice.device().payAndWait(instruction, Duration.ofSeconds(2)))))
          .startsWith("none");
    } finally {
      operator.stopForgetting();
    }
    assertThat(Waiting.get(alice.device().resend(Customer.ANSWER_LIMIT))).isPositive();
    Waiting.until("the payment arrives", () -> bob.credits(instruction.uetr()) == 1);
    assertThat(alice.bookedMinor()).isEqualTo(FUNDS_MINOR - 570);
    assertThat(bob.bookedMinor()).isEqualTo(570);
  }
}
