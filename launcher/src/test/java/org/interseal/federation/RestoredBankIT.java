package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Payments.pay;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bank's database is put back to what it was; the other's and the shared one are not. */
class RestoredBankIT {
  @TempDir Path data;
  @TempDir Path copies;

  private Federation start() throws Exception {
    return Federation.in(data).portBase(31_600).start();
  }

  @Test
  void itReadsTheLettersAgainAndItsPeerNamesWhatItForgot() throws Exception {
    Customer alice;
    Customer anna;
    Customer bob;
    StoreOperator operator;
    try (Federation federation = start()) {
      operator = new StoreOperator(federation.directory());
      alice = federation.customer(A, "Alice", 100_000);
      anna = federation.customer(A, "Anna", 0);
      bob = federation.customer(B, "Bob", 0);
      assertThat(pay(alice, bob, 1_000)).isEqualTo("ACCC");
      operator.backUp(A, copies.resolve("old"));
      assertThat(pay(alice, anna, 7)).isEqualTo("ACCC");
      assertThat(pay(alice, bob, 200)).isEqualTo("ACCC");
      assertThat(pay(bob, alice, 50)).isEqualTo("ACCC");
    }
    operator.restore(A, copies.resolve("old"));
    Printed rolledBack = OfflineVerification.of(data);
    assertThat(rolledBack.code()).isEqualTo(1);
    assertThat(rolledBack.text())
        .contains("REMEMBERED_HEAD_CONTRADICTED", "PEER_HEAD_CONTRADICTED", "MIRROR_BROKEN")
        .contains("positions with BKABXX00 differ by -150 CZK");

    try (Federation federation = start()) {
      alice.reconnect(federation.client(A));
      anna.reconnect(federation.client(A));
      bob.reconnect(federation.client(B));
      Waiting.until("it stands still", () -> federation.operators().phase(A).equals("Halted"));
      assertThat(federation.operators().phase(B)).isEqualTo("Writing");
      var heads = federation.operators().read(A, "/actuator/chainhead");
      assertThat(
              federation
                  .operators()
                  .post(A, "/actuator/chainhead", heads.path("followed").toString()))
          .isEqualTo(200);
      Waiting.until("it goes on", () -> federation.operators().phase(A).equals("Writing"));
      Waiting.until("the letters are done again", () -> anna.bookedMinor() == 7);
      assertThat(pay(alice, bob, 30)).isEqualTo("ACCC");
      assertThat(pay(bob, alice, 3)).isEqualTo("ACCC");
      // Each customer has paid and got each payment once.
      assertThat(alice.balance().available().amountMinor()).isEqualTo(98_816);
      assertThat(bob.bookedMinor()).isEqualTo(1_177);
      // The transfer that was sent again is another one than the bank had sent: both keep the
      // proof, and until the authority resolves it the payer's bank has it in flight.
      Waiting.until(
          "the payer's bank keeps the proof", () -> federation.operators().evidence(A) == 1);
      assertThat(federation.operators().evidence(B)).isEqualTo(1);
      assertThat(federation.operators().read(A, "/actuator/ledger").path("outstanding").toString())
          .isEqualTo("{\"BKABXX00/0\":1}");
    }
    Printed sound = OfflineVerification.of(data);
    assertThat(sound.code()).as(sound.text()).isZero();
    assertThat(sound.text()).contains("sound: every chain", "in flight 2.00 CZK");
  }
}
