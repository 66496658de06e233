package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.store.memory.Unkindness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;

class BankNodeUnkindIT extends BankNodeContract {
  private static final long SEED = Long.getLong("interseal.seed", 20261101);
  private static final long DARK_MILLIS = 500;

  private final Stores.Unkind unkind = Stores.unkind(SEED, Unkindness.rethinkLike());

  @RegisterExtension
  final TestWatcher seedOfAFailure =
      new TestWatcher() {
        @Override
        public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
          System.out.println(context.getDisplayName() + " failed with seed " + SEED);
        }
      };

  @Override
  Stores stores() {
    return unkind;
  }

  @Test
  void an_outage_of_the_store_delays_payments_and_loses_none() throws Exception {
    Customers customers = customersOfBothBanks();
    TestDevice payer = customers.payer();
    TestDevice payee = customers.payee();

    for (int i = 0; i < 20; i++) {
      payer.pay(payee, 1_00, "order-" + i);
    }
    unkind.become(Unkindness.outage());
    long height = bankA.node().tip().height();
    TestClient.until("a while in the dark", () -> bankA.node().feedLagMillis() > DARK_MILLIS);
    // At most the block that was on its way when the lights went out.
    assertThat(bankA.node().tip().height()).isLessThanOrEqualTo(height + 1);
    unkind.become(Unkindness.rethinkLike());

    for (int i = 0; i < 20; i++) {
      payer.awaitStatus("order-" + i, TransactionStatus.ACCC);
    }
    assertThat(payee.bookedMinor()).isEqualTo(20_00);
    payer.requireFewRows();
  }

  @Test
  void feeds_that_end_or_go_mute_only_cost_time() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);

    unkind.muteFeeds();
    payer.pay(payee, 1_00, "mute");
    payer.awaitStatus("mute", TransactionStatus.ACCC);
    unkind.endFeeds();
    payer.pay(payee, 1_00, "ended");
    payer.awaitStatus("ended", TransactionStatus.ACCC);
  }
}
