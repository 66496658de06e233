package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BankNodeSqliteIT extends BankNodeContract {
  @TempDir Path directory;

  @Override
  Stores stores() {
    return Stores.sqlite(directory);
  }

  @Test
  void a_server_that_stops_hands_over_though_the_store_is_out_of_reach_for_a_moment()
      throws Exception {
    bankA.limits = LONG_LEASE;
    SigningKey second = TestClient.newSigningKey();
    bankA.certify(Party.server(bankA.id, "s2"), second, Optional.empty());
    bankA.start();
    try (BankNode standby = bankA.newNode("s2", second, new TestNode.RememberedInMemory())) {
      standby.start();
      TestClient.until("following", () -> standby.phase() instanceof NodePhase.Following);

      Objects.requireNonNull(bankA.freezers.get("s1")).refuseLeases(3);
      bankA.node().close();

      assertThat(standby.awaitWriting(10_000)).isTrue();
    }
  }

  @Test
  void a_writer_whose_clock_leaps_gives_the_chain_away_and_stays_halted() throws Exception {
    // Its thread looks again every two seconds: were the lease not given back, it would be renewed.
    bankA.limits = new ProcessingLimits(5, 60_000, 3_000, 50, 5_000, 5_000);
    AtomicLong aheadMillis = adjustableClock();
    TwoServers scene = twoServers();
    try (BankNode standby =
        bankA.newNode("s2", scene.second(), new TestNode.RememberedInMemory())) {
      standby.start();
      TestClient.until("following", () -> standby.phase() instanceof NodePhase.Following);
      long fence = bankA.node().tip().fence();

      aheadMillis.set(Duration.ofMinutes(5).toMillis());
      scene.payer().pay(scene.payee(), 1_00, "first");
      assertThat(standby.awaitWriting(10_000)).isTrue();
      scene.payer().awaitFinal("first");

      awaitHaltByClock();
      TestClient.until("followed", () -> bankA.node().tip().equals(standby.tip()));
      scene.payer().pay(scene.payee(), 1_00, "second");
      scene.payer().awaitFinal("second");
      TestClient.until("followed", () -> bankA.node().tip().equals(standby.tip()));
      assertThat(bankA.node().phase()).isInstanceOf(NodePhase.Halted.class);
      assertThat(standby.tip().fence()).isEqualTo(fence + 1);
      aheadMillis.set(0);
      TestClient.until(
          "it is a standby", () -> bankA.node().phase() instanceof NodePhase.Following);
      assertThat(standby.tip().fence()).isEqualTo(fence + 1);
    }
    assertThat(bankA.node().awaitWriting(10_000)).isTrue();
    scene.payer().pay(scene.payee(), 1_00, "third");
    scene.payer().awaitFinal("third");
    assertThat(scene.payee().bookedMinor()).isEqualTo(3_00);
  }

  @Test
  void an_overtaken_server_sends_nothing_of_what_blocks_of_the_next_one_owe() throws Exception {
    bankA.limits = LONG_LEASE;
    TwoServers scene = twoServers();
    Freezer freezer = Objects.requireNonNull(bankA.freezers.get("s1"));
    String mailbox = scene.payer().keys.deviceId();
    TestClient.until("all is sent", () -> bankA.node().outboxPending() == 0);
    List<String> sentBefore = freezer.insertedInto(mailbox);
    freezer.freeze();
    bankA.limits = new ProcessingLimits(5, 60_000, 500, 50, 5_000, 5_000);
    try (BankNode next = bankA.newNode("s2", scene.second(), new TestNode.RememberedInMemory())) {
      next.start();
      assertThat(next.awaitWriting(10_000)).isTrue();
      scene.payer().pay(scene.payee(), 1_00, "order");
      scene.payer().awaitFinal("order");

      // By its own time it has the lease still, and the letter is new to it.
      freezer.thaw();
      TestClient.until("it has read on", () -> bankA.node().tip().equals(next.tip()));
      bankA.node().close();

      assertThat(sentBefore).isNotEmpty();
      assertThat(freezer.insertedInto(mailbox)).isEqualTo(sentBefore);
    }
  }
}
