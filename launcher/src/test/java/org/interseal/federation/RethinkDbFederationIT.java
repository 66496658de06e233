package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Payments.pay;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.rethinkdb.testing.RethinkDbProcess;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.Position;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same federation with its rows on a real RethinkDB. */
class RethinkDbFederationIT {
  @TempDir Path directory;

  private Federation start(RethinkDbServer server) throws Exception {
    return Federation.in(directory.resolve("federation"))
        .rethinkDb(server.address().toString())
        .portBase(23_400)
        .start();
  }

  @Test
  void itPaysGoesOnAfterItsStoreWasKilledAndIsSound() throws Exception {
    try (RethinkDbServer server =
        RethinkDbServer.startOrSkip(Files.createDirectory(directory.resolve("rethinkdb")))) {
      try (Federation federation = start(server)) {
        Customer alice = federation.customer(A, "Alice", 100_000);
        Customer bob = federation.customer(B, "Bob", 0);
        assertThat(pay(alice, bob, 1_000)).isEqualTo("ACCC");
        if (server instanceof RethinkDbProcess process) {
          process.kill();
          process.restart();
        }
        assertThat(pay(alice, bob, 2_000)).isEqualTo("ACCC");
        assertThat(pay(bob, alice, 500)).isEqualTo("ACCC");
      }
      // The data directory knows where its rows are.
      try (Federation again = start(server)) {
        Customer carol = again.customer(A, "Carol", 5_000);
        assertThat(pay(carol, again.customer(B, "Dan", 0), 4_000)).isEqualTo("ACCC");
      }
      assertSound(server);
    }
  }

  private void assertSound(RethinkDbServer server, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--store", "rethinkdb", "--rethinkdb", server.address().toString()));
    arguments.addAll(List.of(more));
    OfflineVerification.assertSound(
        directory.resolve("federation"), arguments.toArray(String[]::new));
  }

  @Test
  @Tag("slow")
  void whatIsClosedIsDroppedOnceItIsArchivedAndTheFederationGoesOn() throws Exception {
    try (RethinkDbServer server =
        RethinkDbServer.startOrSkip(Files.createDirectory(directory.resolve("rethinkdb")))) {
      FederationDirectory data;
      try (Federation federation = start(server)) {
        data = federation.directory();
        Customer alice = federation.customer(A, "Alice", 100_000);
        Customer bob = federation.customer(B, "Bob", 0);
        assertThat(pay(alice, bob, 1_000)).isEqualTo("ACCC");
        period("close", data);
        awaitOpening(data, A);
        awaitOpening(data, B);
      }
      String archives =
          period("export", data, "--to", directory.resolve("archives").toString())
              .lines()
              .map(line -> line.substring(line.indexOf(": ") + 2))
              .collect(Collectors.joining(","));
      long before = blocks(data, A);
      assertThat(period("drop", data, "--archive", archives))
          .contains(A + ".p00: dropped blocks up to ")
          .doesNotContain("(0 rows)");
      assertThat(blocks(data, A)).isLessThan(before);
      assertThat(period("drop", data, "--archive", archives)).contains("(0 rows)");
      assertSound(server, "--archive", archives);
      try (Federation again = start(server)) {
        Customer carol = again.customer(A, "Carol", 5_000);
        assertThat(pay(carol, again.customer(B, "Dan", 0), 4_000)).isEqualTo("ACCC");
      }
      assertSound(server, "--archive", archives);
    }
  }

  private static long blocks(FederationDirectory data, BankId bank) throws Exception {
    try (Store own = data.stores(InstantSource.system()).openBank(bank)) {
      return own.append(TableName.BLOCKS).readById("", "", 1_000).size();
    }
  }

  private static void awaitOpening(FederationDirectory data, BankId bank) throws Exception {
    try (Store own = data.stores(InstantSource.system()).openBank(bank)) {
      for (int looks = 0;
          own.append(TableName.SNAPSHOTS).readAfter("p00.openings", Position.START, 1).isEmpty();
          looks++) {
        assertThat(looks).as("looks for the opening of " + bank).isLessThan(600);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  private static String period(String what, FederationDirectory data, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("period", what, "--data", data.root().toString()));
    arguments.addAll(List.of(more));
    Printed printed = Printed.by(arguments);
    assertThat(printed.code()).as(printed.text()).isZero();
    return printed.text();
  }
}
