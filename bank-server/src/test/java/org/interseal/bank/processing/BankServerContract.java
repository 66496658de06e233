package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.interseal.bank.ledger.LedgerInvariants;
import org.interseal.protocol.banking.TransactionStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers that share the partitions of their bank, on every store. */
@Timeout(120)
abstract class BankServerContract {
  static final int PARTITIONS = 4;

  /** So that a hand-over takes a moment. */
  private static final SpreadLimits QUICK = new SpreadLimits(50, 1_500, 200, 400, 64);

  private final Map<String, List<PartitionDisk>> disks = new HashMap<>();
  private final Map<String, BankServer> running = new TreeMap<>();
  private TestFederation federation;

  /** With as many partitions as {@link #PARTITIONS}, and two servers that are not started. */
  TestNode bank;

  abstract Stores stores();

  @BeforeEach
  void found() {
    federation = new TestFederation(stores());
    bank = federation.bank("AAAAXX00", PARTITIONS);
    bank.limits = new ProcessingLimits(5, 60_000, 1_000, 25, 5_000, 5_000);
    bank.enrol("s2");
  }

  @AfterEach
  void stop() {
    running.values().forEach(BankServer::kill);
    federation.close();
  }

  BankServer start(String name) {
    List<PartitionDisk> disk = disks.computeIfAbsent(name, server -> newDisks());
    BankServer server = bank.newServer(name, disk, QUICK);
    running.put(name, server);
    server.start();
    return server;
  }

  Freezer freezer(String name) {
    return java.util.Objects.requireNonNull(bank.freezers.get(name));
  }

  private static List<PartitionDisk> newDisks() {
    List<PartitionDisk> disks = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      disks.add(new PartitionDisk(new TestNode.RememberedInMemory(), new TestNode.KeptSnapshots()));
    }
    return disks;
  }

  void kill(String name) {
    java.util.Objects.requireNonNull(running.remove(name)).kill();
  }

  static int written(BankServer server) {
    return server.sum(node -> node.phase() instanceof NodePhase.Writing ? 1 : 0);
  }

  void awaitShared(BankServer one, BankServer other) {
    TestClient.until(
        "the partitions are shared",
        () -> written(one) == PARTITIONS / 2 && written(other) == PARTITIONS / 2);
  }

  static void awaitAll(BankServer server) {
    TestClient.until("all partitions are its own", () -> written(server) == PARTITIONS);
  }

  /** Two customers in every partition, and what they pay each other and the next partition. */
  final class Customers {
    final List<TestDevice> payers = new ArrayList<>();
    final List<TestDevice> payees = new ArrayList<>();
    int rounds;

    Customers() {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        TestBranch branch =
            TestBranch.of(partition == 0 ? bank : federation.partition(bank, partition));
        payers.add(branch.customer("Alice", 1_000_00));
        payees.add(branch.customer("Carol", 0));
      }
    }

    void pay() {
      rounds++;
      for (int partition = 0; partition < PARTITIONS; partition++) {
        payers.get(partition).pay(payees.get(partition), 1_00, "order-" + rounds);
        payers.get(partition).pay(payees.get((partition + 1) % PARTITIONS), 50, "across-" + rounds);
      }
    }

    void awaitAllPaid() {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        for (int round = 1; round <= rounds; round++) {
          for (String order : List.of("order-" + round, "across-" + round)) {
            assertThat(payers.get(partition).awaitFinal(order).status())
                .isEqualTo(TransactionStatus.ACCC);
          }
        }
      }
    }

    void assertPaidOnce(BankServer server) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        BankNode node = server.partition(partition).orElseThrow();
        TestDevice payee = payees.get(partition);
        TestClient.until(
            "followed",
            () ->
                node.ledger()
                    .account(payee.account)
                    .filter(account -> account.bookedMinor() >= rounds * 1_50L)
                    .isPresent());
        assertThat(node.ledger().account(payee.account).orElseThrow().bookedMinor())
            .isEqualTo(rounds * 1_50L);
        assertThat(LedgerInvariants.check(node.ledger())).isEmpty();
        payers.get(partition).requireFewRows();
        payee.requireFewRows();
      }
    }
  }

  @Test
  void two_servers_share_the_partitions_and_a_killed_ones_share_goes_to_the_other()
      throws Exception {
    BankServer first = start("s1");
    awaitAll(first);
    Customers customers = new Customers();
    customers.pay();
    BankServer second = start("s2");
    customers.pay();
    awaitShared(first, second);
    customers.pay();

    kill("s1");
    customers.pay();
    awaitAll(second);
    customers.pay();
    customers.awaitAllPaid();
    customers.assertPaidOnce(second);

    BankServer again = start("s1");
    customers.pay();
    awaitShared(again, second);
    customers.pay();
    customers.awaitAllPaid();
    customers.assertPaidOnce(again);
    customers.assertPaidOnce(second);
  }

  @Test
  void a_server_that_stops_hands_all_its_partitions_over_at_once() throws Exception {
    // A lease that is not given back would be held for an hour.
    bank.limits = new ProcessingLimits(5, 60_000, 3_600_000, 25, 5_000, 5_000);
    BankServer first = start("s1");
    awaitAll(first);
    BankServer second = start("s2");
    TestClient.until(
        "they know each other",
        () ->
            second.partitions().stream().allMatch(node -> node.writer().isPresent())
                && written(first) + written(second) == PARTITIONS);

    java.util.Objects.requireNonNull(running.remove("s1")).close();

    awaitAll(second);
    assertThat(second.partitions())
        .allMatch(node -> node.writer().filter("s2"::equals).isPresent());
  }

  @Test
  void a_server_that_slept_wakes_up_with_old_leases_and_does_no_harm() throws Exception {
    BankServer first = start("s1");
    awaitAll(first);
    Customers customers = new Customers();
    freezer("s1").freeze();
    BankServer second = start("s2");
    customers.pay();
    awaitAll(second);
    freezer("s1").thaw();
    customers.pay();

    awaitShared(first, second);
    customers.awaitAllPaid();
    customers.assertPaidOnce(first);
    customers.assertPaidOnce(second);
  }
}
