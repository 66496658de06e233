package org.interseal.federation;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Federation.pay;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.interseal.launcher.verify.VerifyCommand;
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
import picocli.CommandLine;

/**
 * The rehearsal of docs/operating/rethinkdb.md, "Backup and restore": a copy of the stopped node's
 * directory is put in its place.
 */
@Tag("slow")
class RestoredRethinkDbIT {
  @TempDir Path directory;

  private Federation start(RethinkDbProcess node) throws Exception {
    return Federation.in(directory.resolve("federation"))
        .rethinkDb(node.address().toString())
        .portBase(23_600)
        .start();
  }

  @Test
  void theNewestBackupNeedsNobody() throws Exception {
    try (RethinkDbProcess node = installed()) {
      Customer alice;
      Customer bob;
      try (Federation federation = start(node)) {
        alice = federation.customer(A, "Alice", 100_000);
        bob = federation.customer(B, "Bob", 0);
        assertThat(pay(alice, bob, 1_000)).isEqualTo("ACCC");
        assertThat(pay(alice, bob, 200)).isEqualTo("ACCC");
        assertThat(pay(bob, alice, 50)).isEqualTo("ACCC");
      }
      backUp(node, "newest");

      restore(node, "newest");
      try (Federation federation = start(node)) {
        reconnect(federation, alice, bob);
        assertThat(pay(alice, bob, 30)).isEqualTo("ACCC");
        assertThat(bob.bookedMinor()).isEqualTo(1_180);
        assertThat(federation.totalMinor()).isEqualTo(100_000);
      }
      assertThat(verify(node)).startsWith("0 ").contains("sound: every chain");
    }
  }

  private RethinkDbProcess installed() throws Exception {
    var found =
        RethinkDbProcess.startIfInstalled(Files.createDirectory(directory.resolve("rethinkdb")));
    Assumptions.assumeTrue(found.isPresent(), "skipped: no rethinkdb on the PATH");
    return found.orElseThrow();
  }

  private void backUp(RethinkDbProcess node, String name) throws Exception {
    node.stop();
    copy(node.data(), directory.resolve(name));
    restart(node);
  }

  private void restore(RethinkDbProcess node, String name) throws Exception {
    node.stop();
    try (Stream<Path> files = Files.walk(node.data())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    copy(directory.resolve(name), node.data());
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

  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  private static void reconnect(Federation federation, Customer... customers) throws Exception {
    for (Customer customer : customers) {
      customer.reconnect(federation.client(customer.bank()));
    }
  }

  /** The exit code and what it prints. */
  private String verify(RethinkDbProcess node) {
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new VerifyCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(
                "--data",
                directory.resolve("federation").toString(),
                "--store",
                "rethinkdb",
                "--rethinkdb",
                node.address().toString());
    return code + " " + out;
  }
}
