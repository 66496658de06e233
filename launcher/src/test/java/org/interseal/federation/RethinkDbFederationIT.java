package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Federation.pay;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.interseal.launcher.verify.VerifyCommand;
import org.interseal.rethinkdb.testing.RethinkDbProcess;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The same federation with its rows on a real RethinkDB. */
class RethinkDbFederationIT {
  @TempDir Path directory;

  private Federation start(RethinkDbServer server) throws Exception {
    return Federation.in(directory.resolve("federation"))
        .rethinkDb(server.address().toString())
        .portBase(33_600)
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

  private void assertSound(RethinkDbServer server) {
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new VerifyCommand())
            .setOut(new PrintWriter(out))
            .execute(
                "--data",
                directory.resolve("federation").toString(),
                "--store",
                "rethinkdb",
                "--rethinkdb",
                server.address().toString());
    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString()).contains("sound: every chain");
  }
}
