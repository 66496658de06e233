package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.interseal.bank.ledger.LedgerAccount;
import org.interseal.bank.ledger.LedgerInvariants;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Peer;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.KeyId;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two banks must do with each other, and with the authority's word, on every store. */
@Timeout(120)
abstract class InterbankContract {
  TestFederation federation;
  TestNode bankA;
  TestNode bankB;

  abstract Stores stores() throws Exception;

  @BeforeEach
  void found() throws Exception {
    federation = new TestFederation(stores());
    bankA = federation.bank("AAAAXX00");
    bankB = federation.bank("BBBBXX00");
  }

  @AfterEach
  void close() {
    federation.close();
  }

  static long positionOf(TestNode bank, TestNode counterparty) {
    return bank.ledger().balanceMinor(new LedgerAccount.Position(counterparty.id), TestNode.CZK);
  }

  /** A customer of B whom nobody there knows. */
  TestDevice nobody() {
    return TestDevice.of(bankB, "Nobody", Iban.of(bankB.id, 0, 999_999_999));
  }

  private void assertMirrored() {
    TestClient.until(
        "positions mirror each other", () -> positionOf(bankA, bankB) == -positionOf(bankB, bankA));
    assertThat(LedgerInvariants.check(bankA.ledger())).isEmpty();
    assertThat(LedgerInvariants.check(bankB.ledger())).isEmpty();
  }

  /** Alice of bank A has 100.00, Bob of bank B nothing. */
  record Customers(TestDevice payer, TestDevice payee) {}

  /** Starts both banks. */
  final Customers customersOfBothBanks() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    TestBranch branchB = TestBranch.of(bankB);
    bankA.start();
    bankB.start();
    return new Customers(branchA.customer("Alice", 100_00), branchB.customer("Bob", 0));
  }

  @Test
  void a_payment_between_banks_reaches_the_payee_and_both_are_told() throws Exception {
    Customers customers = customersOfBothBanks();
    TestDevice payer = customers.payer();
    TestDevice payee = customers.payee();

    payer.pay(payee, 40_00, "order-1");

    payer.awaitStatus("order-1", TransactionStatus.ACCC);
    payee.await(
        DeviceNotice.CreditReceived.class, n -> n.payment().instructionId().equals("order-1"));
    assertThat(payer.bookedMinor()).isEqualTo(60_00);
    assertThat(payee.bookedMinor()).isEqualTo(40_00);
    assertThat(bankA.ledger().outstandingCount()).isZero();
  }

  @Test
  void a_payment_that_the_other_bank_rejects_comes_back_whole() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    bankB.start();
    TestDevice payer = branchA.customer("Alice", 100_00);

    payer.pay(nobody(), 40_00, "order-1");

    assertThat(payer.awaitFinal("order-1").reason()).isEqualTo(ReasonCode.AC01);
    assertThat(payer.bookedMinor()).isEqualTo(100_00);
    assertThat(bankA.ledger().outstandingCount()).isZero();
    assertThat(positionOf(bankA, bankB)).isZero();
    assertMirrored();
    payer.requireFewRows();
  }

  @Test
  void a_dead_bank_holds_up_payments_to_itself_alone() throws Exception {
    TestNode bankC = federation.bank("CCCCXX00");
    bankA.terms = TestNode.terms(3);
    Customers customers = customersOfBothBanks();
    TestDevice payer = customers.payer();
    TestBranch branchC = TestBranch.of(bankC);
    bankC.start();
    TestDevice carol = branchC.customer("Carol", 0);
    bankB.stop();
    for (int i = 0; i < 3; i++) {
      payer.pay(customers.payee(), 1_00, "to the dead bank " + i);
    }
    TestClient.until("in flight", () -> bankA.ledger().outstandingCount() == 3);

    payer.pay(customers.payee(), 1_00, "one too many");
    assertThat(payer.awaitFinal("one too many").reason()).isEqualTo(ReasonCode.AB08);
    for (int i = 0; i < 5; i++) {
      payer.pay(carol, 1_00, "to Carol " + i);
      payer.awaitStatus("to Carol " + i, TransactionStatus.ACCC);
    }
    assertThat(carol.bookedMinor()).isEqualTo(5_00);
    bankB.start();
    for (int i = 0; i < 3; i++) {
      payer.awaitStatus("to the dead bank " + i, TransactionStatus.ACCC);
    }
    payer.pay(customers.payee(), 1_00, "afterwards");
    payer.awaitStatus("afterwards", TransactionStatus.ACCC);
    assertMirrored();
  }

  @Test
  void a_suspended_bank_takes_nothing_on_until_it_is_licensed_again() throws Exception {
    Customers customers = customersOfBothBanks();
    TestDevice payer = customers.payer();
    TestDevice payee = customers.payee();
    bankB.stop();
    payer.pay(payee, 40_00, "on its way");
    TestClient.until("in flight", () -> bankA.ledger().outstandingCount() == 1);

    bankB.license(2, LicenceStatus.SUSPENDED);
    TestClient.until("A has noted it", () -> !usableAt(bankA));
    payer.pay(payee, 1_00, "while suspended");
    assertThat(payer.awaitFinal("while suspended").reason()).isEqualTo(ReasonCode.AGNT);
    bankB.start();
    assertThat(payer.awaitFinal("on its way").reason()).isEqualTo(ReasonCode.AGNT);
    assertThat(payer.bookedMinor()).isEqualTo(100_00);

    bankB.license(3, LicenceStatus.ACTIVE);
    TestClient.until("both have noted it", () -> usableAt(bankA) && usableAt(bankB));
    payer.pay(payee, 2_00, "afterwards");
    assertThat(payer.awaitFinal("afterwards").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(payee.bookedMinor()).isEqualTo(2_00);
    assertMirrored();
  }

  private boolean usableAt(TestNode node) {
    return node.ledger().registry().usable().containsKey(bankB.id);
  }

  @Test
  void the_authoritys_resolution_ends_what_waits_and_binds_a_bank_that_comes_back()
      throws Exception {
    Customers customers = customersOfBothBanks();
    TestDevice payer = customers.payer();
    TestDevice payee = customers.payee();
    bankB.stop();
    payer.pay(payee, 10_00, "to return");
    TestClient.until("one in flight", () -> bankA.ledger().outstandingCount() == 1);
    payer.pay(payee, 20_00, "to settle");
    TestClient.until("two in flight", () -> bankA.ledger().outstandingCount() == 2);
    bankB.license(2, LicenceStatus.SUSPENDED);

    federation.resolve(bankA.id, waiting(1), false);
    federation.resolve(bankA.id, waiting(2), true);

    assertThat(payer.awaitFinal("to return").reason()).isEqualTo(ReasonCode.RR04);
    assertThat(payer.awaitFinal("to settle").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(payer.bookedMinor()).isEqualTo(80_00);
    assertThat(bankA.ledger().outstandingCount()).isZero();

    bankB.license(3, LicenceStatus.ACTIVE);
    bankB.start();
    TestClient.until("what counts as settled is credited", () -> payee.bookedMinor() == 20_00);
    TestClient.until("A pays B again", () -> usableAt(bankA));
    payer.pay(payee, 1_00, "afterwards");
    assertThat(payer.awaitFinal("afterwards").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(payee.bookedMinor()).isEqualTo(21_00);
    assertMirrored();
    payer.requireFewRows();
  }

  private OutstandingTransfer waiting(long number) {
    return bankA.ledger().outstanding(new Peer(bankB.id, 0), number).orElseThrow();
  }

  @Test
  void a_new_epoch_is_used_at_once_and_letters_to_the_old_one_still_count() throws Exception {
    Customers customers = customersOfBothBanks();
    TestDevice payer = customers.payer();
    TestDevice payee = customers.payee();
    KeyId old = bankB.encryption.encryptionKey().id();
    payer.pay(payee, 1_00, "before");
    payer.awaitFinal("before");
    assertThat(recipientKeysOfB()).containsOnly(old);
    String sealedBefore = payee.seal(payee.payment(payer, 30, "sealed before"));

    DecryptionKey next = bankB.rotateEncryptionKey(2);

    TestClient.until(
        "A has noted it", () -> bankA.ledger().registry().version() == federation.published());
    payer.pay(payee, 2_00, "after");
    assertThat(payer.awaitFinal("after").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(recipientKeysOfB()).contains(next.encryptionKey().id());
    payee.submit(sealedBefore);
    assertThat(payee.awaitFinal("sealed before").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(payee.bookedMinor()).isEqualTo(2_70);
    assertMirrored();
  }

  /** The keys to which letters in B's stream are sealed. */
  private List<KeyId> recipientKeysOfB() throws CryptoFailure {
    List<Row> rows = List.of();
    for (int i = 0; i < 100 && rows.isEmpty(); i++) {
      try {
        rows =
            federation
                .shared
                .append(TableName.TRANSACTIONS)
                .readAfter(bankB.id.value(), Position.START, 1_000);
      } catch (StoreUnavailable e) {
        // The next look will do.
      }
    }
    List<KeyId> keys = new java.util.ArrayList<>();
    for (Row row : rows) {
      keys.add(Envelope.header(row.body()).recipientKey());
    }
    return keys;
  }
}
