package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.junit.jupiter.api.Test;

/** Who writes when a writer dies, stops or halts, on every store. */
abstract class TakeOverContract extends EvictedServerContract {
  /** A lease that is not given back would be held for an hour. */
  static final ProcessingLimits LONG_LEASE =
      new ProcessingLimits(5, 60_000, Duration.ofHours(1).toMillis(), 50, 5_000, 5_000);

  /**
   * A's first server runs; its second is certified and not started.
   *
   * @param payer a customer of A with 100.00
   * @param payee another one, with nothing
   */
  record TwoServers(SigningKey second, TestDevice payer, TestDevice payee) {}

  TwoServers twoServers() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    SigningKey second = TestClient.newSigningKey();
    bankA.certify(Party.server(bankA.id, "s2"), second, Optional.empty());
    bankA.start();
    return new TwoServers(second, branchA.customer("Alice", 100_00), branchA.customer("Carol", 0));
  }

  @Test
  void a_second_server_follows_and_takes_over_when_the_first_is_gone() throws Exception {
    TwoServers scene = twoServers();
    try (BankNode standby =
        bankA.newNode("s2", scene.second(), new TestNode.RememberedInMemory())) {
      standby.start();
      TestClient.until("following", () -> standby.phase() instanceof NodePhase.Following);
      scene.payer().pay(scene.payee(), 1_00, "first");
      scene.payer().awaitFinal("first");
      TestClient.until("followed", () -> standby.tip().equals(bankA.node().tip()));

      bankA.node().kill();
      scene.payer().pay(scene.payee(), 2_00, "second");

      assertThat(standby.awaitWriting(30_000)).isTrue();
      TestClient.until(
          "booked",
          () ->
              standby.ledger().account(scene.payee().account).orElseThrow().bookedMinor() == 3_00);
    }
  }

  @Test
  void a_server_that_stops_hands_its_chain_over_at_once() throws Exception {
    bankA.limits = LONG_LEASE;
    TwoServers scene = twoServers();
    try (BankNode standby =
        bankA.newNode("s2", scene.second(), new TestNode.RememberedInMemory())) {
      standby.start();
      TestClient.until("following", () -> standby.phase() instanceof NodePhase.Following);

      bankA.node().close();

      assertThat(standby.awaitWriting(30_000)).isTrue();
      scene.payer().pay(scene.payee(), 2_00, "second");
      TestClient.until(
          "booked",
          () ->
              standby.ledger().account(scene.payee().account).orElseThrow().bookedMinor() == 2_00);
    }
  }

  /** Of A's first server; returns by how much it is ahead, to be set. */
  AtomicLong adjustableClock() {
    AtomicLong aheadMillis = new AtomicLong();
    InstantSource system = InstantSource.system();
    bankA.clocks.put("s1", () -> system.instant().plusMillis(aheadMillis.get()));
    return aheadMillis;
  }

  void awaitHaltByClock() {
    TestClient.until(
        "it stands still",
        () ->
            bankA.node().phase() instanceof NodePhase.Halted(String why)
                && why.contains("our clock is 300 s ahead"));
  }

  @Test
  void a_lonely_server_that_halted_goes_on_without_another_fence() throws Exception {
    AtomicLong aheadMillis = adjustableClock();
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    long fence = bankA.node().tip().fence();

    aheadMillis.set(Duration.ofMinutes(5).toMillis());
    payer.pay(payee, 1_00, "order");
    awaitHaltByClock();
    aheadMillis.set(0);

    payer.awaitFinal("order");
    assertThat(payee.bookedMinor()).isEqualTo(1_00);
    assertThat(bankA.node().tip().fence()).isEqualTo(fence);
  }
}
