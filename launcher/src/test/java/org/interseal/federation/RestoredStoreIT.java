package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Payments.pay;
import static org.interseal.federation.Payments.payment;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator of the store changes a bank's history while the bank is down. */
class RestoredStoreIT {
  private static final Duration SHORT = Duration.ofSeconds(3);

  @TempDir Path data;
  @TempDir Path copies;

  private Federation start() throws Exception {
    return Federation.in(data).banks(A).portBase(31_400).start();
  }

  @Test
  void aServerWritesNeitherBehindWhatItRemembersNorAfterAnAlteredBlock() throws Exception {
    Customer alice;
    Customer anna;
    StoreOperator operator;
    try (Federation federation = start()) {
      operator = new StoreOperator(federation.directory());
      alice = federation.customer(A, "Alice", 100_000);
      anna = federation.customer(A, "Anna", 0);
      assertThat(pay(alice, anna, 1_000)).isEqualTo("ACCC");
      operator.backUp(A, copies.resolve("old"));
      assertThat(pay(alice, anna, 200)).isEqualTo("ACCC");
    }
    operator.backUp(A, copies.resolve("newest"));

    operator.restore(A, copies.resolve("old"));
    assertStandsStill(operator, alice, anna);

    operator.restore(A, copies.resolve("newest"));
    operator.alterNewestBlock(A);
    assertThat(OfflineVerification.of(data).code()).as("interseal verify").isNotZero();
    assertStandsStill(operator, alice, anna);

    operator.restore(A, copies.resolve("newest"));
    try (Federation federation = start()) {
      reconnect(federation, alice, anna);
      assertThat(pay(alice, anna, 30)).isEqualTo("ACCC");
      // What was instructed while the bank stood still was kept, and is done now, once.
      Waiting.until("everything is answered", () -> anna.bookedMinor() == 1_232);
      assertThat(alice.bookedMinor()).isEqualTo(98_768);
      assertThat(federation.operators().totalMinor()).isEqualTo(100_000);
    }
    OfflineVerification.assertSound(data);
  }

  private void assertStandsStill(StoreOperator operator, Customer alice, Customer anna)
      throws Exception {
    int before = operator.blocks(A);
    try (Federation federation = start()) {
      reconnect(federation, alice, anna);
      Waiting.until(
          "the server stands still", () -> federation.operators().phase(A).equals("Halted"));
      assertThat(
              Payments.ending(
                  Waiting.get(alice.device().payAndWait(payment(alice, anna, 1), SHORT))))
          .startsWith("none");
      assertThat(federation.operators().phase(A)).isEqualTo("Halted");
    }
    assertThat(operator.blocks(A)).as("nothing was appended").isEqualTo(before);
  }

  private static void reconnect(Federation federation, Customer... customers) throws Exception {
    for (Customer customer : customers) {
      customer.reconnect(federation.client(A));
    }
  }
}
