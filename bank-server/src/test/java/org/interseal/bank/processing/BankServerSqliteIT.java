package org.interseal.bank.processing;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BankServerSqliteIT extends BankServerContract {
  @TempDir Path directory;

  @Override
  Stores stores() {
    return Stores.sqlite(directory);
  }

  @Test
  void a_server_whose_clock_is_minutes_behind_has_its_share() throws Exception {
    InstantSource system = InstantSource.system();
    bank.clocks.put("s2", () -> system.instant().minus(Duration.ofMinutes(5)));
    BankServer first = start("s1");
    awaitAll(first);
    Customers customers = new Customers();
    customers.pay();
    BankServer second = start("s2");
    awaitShared(first, second);
    customers.pay();

    customers.awaitAllPaid();
    kill("s1");
    customers.pay();
    customers.awaitAllPaid();
    customers.assertPaidOnce(second);
  }

  @Test
  void a_server_whose_clock_is_minutes_ahead_is_given_nothing() throws Exception {
    InstantSource system = InstantSource.system();
    bank.clocks.put("s1", () -> system.instant().plus(Duration.ofMinutes(5)));
    BankServer ahead = start("s1");
    TestClient.until(
        "it stands still",
        () ->
            ahead.partitions().stream().anyMatch(node -> node.phase() instanceof NodePhase.Halted));
    BankServer second = start("s2");

    awaitAll(second);
    Customers customers = new Customers();
    customers.pay();
    customers.awaitAllPaid();
    customers.assertPaidOnce(ahead);
    awaitAll(second);
  }
}
