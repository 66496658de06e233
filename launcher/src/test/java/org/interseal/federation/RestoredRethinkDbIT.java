package org.interseal.federation;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Payments.pay;
import static org.interseal.federation.Payments.payment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Payment;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.testing.RethinkDbProcess;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * The rehearsal of docs/operating/rethinkdb.md, "Backup and restore": copies of the stopped node's
 * directory are put in its place.
 */
@Tag("slow")
class RestoredRethinkDbIT {
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir Path directory;

  private Federation start(RethinkDbProcess node) throws Exception {
    return Federation.in(directory.resolve("federation"))
        .rethinkDb(node.address().toString())
        .portBase(23_600)
        .start();
  }

  @Test
  void theNewestBackupNeedsNobodyAndAnOlderOneEachBanksOperator() throws Exception {
    try (RethinkDbProcess node = installed()) {
      Customer alice;
      Customer bob;
      Payment lost;
      long lostHeight;
      try (Federation federation = start(node)) {
        alice = federation.customer(A, "Alice", 100_000);
        bob = federation.customer(B, "Bob", 0);
        assertThat(pay(alice, bob, 1_000)).isEqualTo("ACCC");
        backUp(node, "old");
        lost = payment(alice, bob, 200);
        assertThat(pay(alice, lost)).isEqualTo("ACCC");
        awaitTold(bob, lost);
        assertThat(pay(bob, alice, 50)).isEqualTo("ACCC");
        lostHeight = federation.operators().height(A);
      }
      backUp(node, "newest");

      restore(node, "newest");
      try (Federation federation = start(node)) {
        reconnect(federation, alice, bob);
        assertThat(pay(alice, bob, 30)).isEqualTo("ACCC");
        assertThat(bob.bookedMinor()).isEqualTo(1_180);
        assertThat(federation.operators().totalMinor()).isEqualTo(100_000);
      }

      restore(node, "old");
      Printed old = OfflineVerification.of(directory.resolve("federation"), store(node));
      assertThat(old.code()).isEqualTo(1);
      assertThat(old.text())
          .contains("REMEMBERED_HEAD_CONTRADICTED")
          .contains(A.value(), B.value());
      try (Federation federation = start(node)) {
        reconnect(federation, alice, bob);
        assertNothingIsWritten(federation, alice, bob);

        accept(federation, A, lostHeight);
        Waiting.until(
            "the one that was told goes on",
            () -> federation.operators().phase(A).equals("Writing"));
        assertThat(federation.operators().phase(B)).isEqualTo("Halted");
        accept(federation, B, 0);
        Waiting.until(
            "the other does too", () -> federation.operators().phase(B).equals("Writing"));

        assertCustomersGoOn(federation, alice, bob, lost);
      }
      OfflineVerification.assertSound(directory.resolve("federation"), store(node));
    }
  }

  /** A notice that a device has not fetched yet is lost with the mailbox. */
  private static void awaitTold(Customer payee, Payment payment) throws Exception {
    Waiting.until("the credit is told", () -> payee.credits(payment.uetr()) == 1);
  }

  private void assertNothingIsWritten(Federation federation, Customer alice, Customer bob)
      throws Exception {
    for (BankId bank : List.of(A, B)) {
      Waiting.until(
          bank + " stands still", () -> federation.operators().phase(bank).equals("Halted"));
      assertThat(federation.operators().health(bank))
          .contains("\"DOWN\"", "this server saw block", "but the store ends at block");
    }
    long height = federation.operators().height(A);
    // The gateway takes it: the letter waits in the store.
    assertThat(
            Payments.ending(Waiting.get(alice.device().payAndWait(payment(alice, bob, 4), SHORT))))
        .startsWith("none");
    assertThat(federation.operators().height(A)).as("nothing was appended").isEqualTo(height);
  }

  /** The step of the guide: give up what came after the block that the store ends with. */
  private static void accept(Federation federation, BankId bank, long atLeastLost)
      throws Exception {
    var heads = federation.operators().read(bank, "/actuator/chainhead");
    assertThat(heads.path("remembered").path("height").asLong())
        .isGreaterThan(heads.path("followed").path("height").asLong())
        .isGreaterThanOrEqualTo(atLeastLost);
    assertThat(
            federation
                .operators()
                .post(bank, "/actuator/chainhead", heads.path("followed").toString()))
        .isEqualTo(200);
  }

  private static void assertCustomersGoOn(
      Federation federation, Customer alice, Customer bob, Payment lost) throws Exception {
    // What was instructed meanwhile is done once, and what was lost is not.
    Waiting.until("the letter that waited is done", () -> bob.bookedMinor() == 1_004);
    assertThat(alice.bookedMinor()).isEqualTo(98_996);
    // The customers hold the proof of what was lost, and it can be instructed again.
    assertThat(alice.finalStatuses(lost.uetr())).isPositive();
    assertThat(bob.credits(lost.uetr())).isEqualTo(1);
    assertThat(pay(alice, lost)).isEqualTo("ACCC");
    Waiting.until("the new credit is told too", () -> bob.credits(lost.uetr()) == 2);
    assertThat(pay(alice, lost)).as("the first answer again").isEqualTo("ACCC");
    for (int i = 0; i < 10; i++) {
      Payment fresh = payment(alice, bob, 5);
      assertThat(pay(alice, fresh)).isEqualTo("ACCC");
      // Blocks have the heights of lost ones again; devices tell their notices apart.
      awaitTold(bob, fresh);
    }
    Payment back = payment(bob, alice, 3);
    assertThat(pay(bob, back)).isEqualTo("ACCC");
    awaitTold(alice, back);
    assertThat(bob.bookedMinor()).isEqualTo(1_251);
    assertThat(alice.bookedMinor()).isEqualTo(98_749);
    assertThat(federation.operators().totalMinor()).isEqualTo(100_000);
    assertThat(federation.operators().evidence(A) + federation.operators().evidence(B)).isZero();
  }

  private RethinkDbProcess installed() throws Exception {
    var found =
        RethinkDbProcess.startIfInstalled(Files.createDirectory(directory.resolve("rethinkdb")));
    Assumptions.assumeTrue(found.isPresent(), "skipped: no rethinkdb on the PATH");
    return found.orElseThrow();
  }

  private void backUp(RethinkDbProcess node, String name) throws Exception {
    node.stop();
    FileSystemUtils.copyRecursively(node.data(), directory.resolve(name));
    restart(node);
  }

  private void restore(RethinkDbProcess node, String name) throws Exception {
    node.stop();
    assertThat(FileSystemUtils.deleteRecursively(node.data())).isTrue();
    FileSystemUtils.copyRecursively(directory.resolve(name), node.data());
    restart(node);
  }

  /** A node lets clients in before its tables are ready. */
  private static void restart(RethinkDbProcess node) throws Exception {
    node.restart();
    var settings = ConnectionSettings.of(List.of(node.address()), "admin", Password.empty());
    try (ConnectionPool pool =
        ConnectionPool.of(settings, new SecureRandom(), RethinkDbObserver.NONE)) {
      RethinkDbTemplate template = new RethinkDbTemplate(pool);
      var unready =
          r.db("rethinkdb")
              .table("table_status")
              .filter(table -> table.g("status").g("all_replicas_ready").not())
              .count();
      Waiting.until("all tables are ready", () -> template.value(unready).orElseThrow().equals(0L));
    }
  }

  private static void reconnect(Federation federation, Customer... customers) throws Exception {
    for (Customer customer : customers) {
      customer.reconnect(federation.client(customer.bank()));
    }
  }

  private static String[] store(RethinkDbProcess node) {
    return new String[] {"--store", "rethinkdb", "--rethinkdb", node.address().toString()};
  }
}
