package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.interseal.bank.ledger.LedgerAccount;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerInvariants;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.MadeUpBody;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.store.Position;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two ledger partitions of one bank must do with each other, on every store. */
@Timeout(120)
abstract class PartitionsContract {
  private TestFederation federation;
  private TestNode zero;
  private TestNode one;
  private TestBranch branchZero;
  private TestDevice alice;
  private TestDevice bob;

  abstract Stores stores() throws Exception;

  /** Alice has 1,000.00 in partition 0, Bob as much in partition 1. */
  @BeforeEach
  void found() throws Exception {
    federation = new TestFederation(stores());
    zero = federation.bank("AAAAXX00", 2);
    one = federation.partition(zero, 1);
    branchZero = TestBranch.of(zero);
    TestBranch branchOne = TestBranch.of(one);
    zero.start();
    one.start();
    alice = branchZero.customer("Alice", 1_000_00);
    bob = branchOne.customer("Bob", 1_000_00);
  }

  @AfterEach
  void close() {
    federation.close();
  }

  private void assertConserved() {
    TestClient.until(
        "nothing is on its way",
        () -> zero.ledger().outstandingCount() + one.ledger().outstandingCount() == 0);
    assertThat(owed(zero, 1)).isEqualTo(-owed(one, 0));
    assertThat(alice.bookedMinor() + bob.bookedMinor()).isEqualTo(2_000_00);
    assertThat(LedgerInvariants.check(zero.ledger())).isEmpty();
    assertThat(LedgerInvariants.check(one.ledger())).isEmpty();
    alice.requireFewRows();
    bob.requireFewRows();
  }

  private static long owed(TestNode partition, int other) {
    return partition.ledger().balanceMinor(new LedgerAccount.PositionWith(other), TestNode.CZK);
  }

  private int letters() {
    for (int i = 0; i < 100; i++) {
      try {
        return federation
            .shared
            .append(TableName.TRANSACTIONS)
            .readAfter(zero.id.value(), Position.START, 1_000)
            .size();
      } catch (StoreUnavailable e) {
        // The next look will do.
      }
    }
    throw new AssertionError("the store does not answer");
  }

  @Test
  void a_payment_between_partitions_is_one_payment_to_both_customers() {
    int before = letters();

    alice.pay(bob, 40_00, "order-1");

    alice.awaitStatus("order-1", TransactionStatus.ACCC);
    bob.await(
        DeviceNotice.CreditReceived.class, n -> n.payment().instructionId().equals("order-1"));
    assertThat(alice.bookedMinor()).isEqualTo(960_00);
    assertThat(bob.bookedMinor()).isEqualTo(1_040_00);
    assertThat(letters()).as("Alice's instruction alone").isEqualTo(before + 1);
    assertConserved();
  }

  @Test
  void a_payment_to_nobody_comes_back() {
    TestDevice nobody = TestDevice.of(one, "Nobody", Iban.of(one.id, 1, 999_999_999));

    alice.pay(nobody, 40_00, "order-1");

    assertThat(alice.awaitFinal("order-1").reason()).isEqualTo(ReasonCode.AC01);
    assertThat(alice.bookedMinor()).isEqualTo(1_000_00);
    assertConserved();
  }

  @Test
  void payments_in_both_directions_survive_the_death_of_either_writer() throws Exception {
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      orders.add("order-" + i);
      alice.pay(bob, 1_00, "order-" + i);
      bob.pay(alice, 50, "order-" + i);
      switch (i) {
        case 10 -> one.kill();
        case 20 -> one.start();
        case 30 -> zero.kill();
        case 40 -> {
          one.kill();
          zero.start();
        }
        case 50 -> one.start();
        default -> {}
      }
    }

    for (String order : orders) {
      assertThat(alice.awaitFinal(order).status()).isEqualTo(TransactionStatus.ACCC);
      assertThat(bob.awaitFinal(order).status()).isEqualTo(TransactionStatus.ACCC);
    }
    assertThat(alice.bookedMinor()).isEqualTo(970_00);
    assertThat(bob.bookedMinor()).isEqualTo(1_030_00);
    assertConserved();
  }

  @Test
  void a_partition_that_is_down_delays_what_is_for_it_and_nothing_else() throws Exception {
    TestDevice carol = branchZero.customer("Carol", 0);
    one.kill();

    alice.pay(bob, 40_00, "to Bob");
    alice.pay(carol, 1_00, "to Carol");

    alice.awaitStatus("to Carol", TransactionStatus.ACCC);
    assertThat(zero.ledger().outstandingCount()).isEqualTo(1);
    one.start();
    alice.awaitStatus("to Bob", TransactionStatus.ACCC);
  }

  @Test
  void a_cursor_that_a_server_gone_mad_moved_is_not_believed() throws Exception {
    bob.pay(alice, 1_00, "before");
    bob.awaitStatus("before", TransactionStatus.ACCC);
    for (int i = 0; zero.ledger().siblingHeight(1) < BURNT; i++) {
      burnCursor();
      alice.pay(bob, 1_00, "order-" + i);
      alice.awaitFinal("order-" + i);
      assertThat(i).isLessThan(50);
    }

    bob.pay(alice, 5_00, "order");
    bob.awaitStatus("order", TransactionStatus.ACCC);
    alice.pay(bob, 1_00, "after");
    alice.awaitStatus("after", TransactionStatus.ACCC);
    zero.kill();
    zero.start();
    bob.pay(alice, 1_00, "again");
    bob.awaitStatus("again", TransactionStatus.ACCC);
    assertConserved();
  }

  private static final long BURNT = 1_000_000_000;

  private void burnCursor() throws Exception {
    LedgerState state = zero.ledger();
    if (state.height() == zero.node().tip().height()) {
      zero.plantBlock(
          0,
          MadeUpBody.after(state)
              .consumed("p01.001000000000/passed")
              .events(new LedgerEvent.SiblingRead(1, BURNT))
              .encoded());
    }
  }

  @Test
  void another_bank_pays_into_the_partition_that_the_account_names() throws Exception {
    TestNode other = federation.bank("BBBBXX00");
    TestBranch branch = TestBranch.of(other);
    other.start();
    TestDevice dora = branch.customer("Dora", 100_00);

    dora.pay(bob, 40_00, "to partition 1");
    dora.pay(alice, 1_00, "to partition 0");
    bob.pay(dora, 5_00, "back");

    dora.awaitStatus("to partition 1", TransactionStatus.ACCC);
    dora.awaitStatus("to partition 0", TransactionStatus.ACCC);
    bob.awaitStatus("back", TransactionStatus.ACCC);
    assertThat(bob.bookedMinor()).isEqualTo(1_035_00);
    assertThat(alice.bookedMinor()).isEqualTo(1_001_00);
    assertThat(dora.bookedMinor()).isEqualTo(64_00);
    assertThat(InterbankContract.positionOf(one, other)).isEqualTo(-35_00);
    assertThat(InterbankContract.positionOf(zero, other)).isEqualTo(-1_00);
    assertThat(InterbankContract.positionOf(other, zero)).isEqualTo(36_00);
  }
}
