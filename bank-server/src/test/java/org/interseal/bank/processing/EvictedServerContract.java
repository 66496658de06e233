package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.ledger.DeviceView;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.MadeUpBody;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.outbox.OutboxLimits;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.DeviceRegistration;
import org.interseal.protocol.message.InterbankMessage;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.interseal.protocol.message.MessageType;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Test;

/**
 * What a server can still do that was evicted and kept its files, against the registry's own trust:
 * nothing at other banks, and nothing but void rows at its own.
 */
abstract class EvictedServerContract extends InterbankContract {
  private static final String EVICTED = "s2";

  /** Far from the numbers that B's honest server uses. */
  private static final long NUMBER = 500;

  @Test
  void letters_of_an_evicted_server_are_set_aside_at_another_bank() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    SigningKey key = TestClient.newSigningKey();
    bankB.certify(Party.server(bankB.id, EVICTED), key, Optional.empty());
    bankA.start();
    bankB.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    bankB.stop();
    payer.pay(nobody(), 40_00, "order-1");
    TestClient.until("in flight", () -> bankA.ledger().outstandingCount() == 1);
    OutstandingTransfer waiting = bankA.ledger().outstanding().findFirst().orElseThrow();
    Report lie =
        new Report(waiting.transfer().number(), waiting.digest(), TransactionStatus.ACCC, null);

    // While it is certified, a bank is its servers: what one of them says counts.
    sendToA(key, transfer(payer, NUMBER));
    TestClient.until("taken", () -> payer.bookedMinor() == 61_00);
    bankB.revoke(EVICTED, key);
    TestClient.until(
        "A has noted it", () -> bankA.ledger().registry().version() == federation.published());

    sendToA(key, transfer(payer, NUMBER + 1));
    sendToA(key, report(key, lie));

    TestClient.until("both are set aside", () -> setAsideAsUnknown() == 2);
    assertThat(payer.bookedMinor()).isEqualTo(61_00);
    assertThat(bankA.ledger().outstandingCount()).isEqualTo(1);
    bankB.start();
    assertThat(payer.awaitFinal("order-1").status()).isEqualTo(TransactionStatus.RJCT);
    assertThat(payer.bookedMinor()).isEqualTo(101_00);
  }

  private int setAsideAsUnknown() {
    var counter =
        bankA.meters.find("interseal.set.aside").tag("reason", "unknown-author").counter();
    return counter == null ? 0 : (int) counter.count();
  }

  private InterbankMessage transfer(TestDevice payee, long number) {
    return new InterbankMessage.TransferBatch(
        0,
        0,
        1,
        List.of(
            new Transfer(
                number,
                payee.newMessageId(),
                nobody().payment(payee, 1_00, "evicted-" + number).payment())));
  }

  private InterbankMessage report(SigningKey key, Report report) {
    ChainHead head = new ChainHead(bankB.id, 0, 1, Bytes.sha256(Bytes.utf8("a head")));
    return new InterbankMessage.ReportBatch(
        0,
        0,
        List.of(report),
        SignedStatement.sign(ChainHead.STATEMENT_TYPE, ProtocolJson.encode(head), key));
  }

  private void sendToA(SigningKey key, InterbankMessage message) {
    Instant now = InstantSource.system().instant();
    Letter letter =
        new Letter(
            Party.server(bankB.id, EVICTED),
            Party.bank(bankA.id),
            MessageType.nameOf(message),
            nobody().newMessageId(),
            0,
            now,
            now.plus(Duration.ofHours(1)),
            ProtocolJson.encode(message));
    String envelope =
        Envelope.seal(letter, key, bankA.encryption.encryptionKey(), 0, TestFederation.RANDOM);
    TestFederation.insert(
        federation.shared,
        TableName.TRANSACTIONS,
        new NewRow(bankA.id.value(), SubmissionId.of(bankA.id, envelope), envelope));
  }

  @Test
  void a_block_of_a_server_that_was_never_certified_is_void() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    SigningKey stranger = TestClient.newSigningKey();

    ChainPlace underANewName = bankA.plantBlock("s9", stranger, 0, nothing());
    ChainPlace inTheServersName = bankA.plantBlock("s1", stranger, 1, nothing());
    payer.pay(payee, 1_00, "order-1");
    payer.awaitFinal("order-1");

    assertThat(inTheServersName.height()).isEqualTo(underANewName.height());
    assertThat(stands(inTheServersName.height(), 2)).as("the honest block").isTrue();
    assertThat(payee.bookedMinor()).isEqualTo(1_00);
  }

  @Test
  void rows_of_an_evicted_server_are_void_and_do_not_stop_the_chain() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    SigningKey key = TestClient.newSigningKey();
    bankA.certify(Party.server(bankA.id, EVICTED), key, Optional.empty());
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    ChainPlace earlier = bankA.plantBlock(EVICTED, key, 0, nothing());
    payer.pay(payee, 1_00, "order-1");
    payer.awaitFinal("order-1");
    assertThat(stands(earlier.height(), 1)).as("while certified, it writes").isFalse();

    bankA.revoke(EVICTED, key);
    TestClient.until("evicted", () -> bankA.ledger().isEvicted(key.verificationKey().id()));
    ChainPlace planted = bankA.plantBlock(EVICTED, key, 0, nothing());
    bankA.plantBlock(EVICTED, key, 1, Bytes.of(new byte[0]));
    bankA.plantJunk(2, ChainPlace.ALARM_ATTEMPTS + 10);
    payer.pay(payee, 1_00, "order-2");
    payer.awaitFinal("order-2");

    assertThat(stands(planted.height(), ChainPlace.ALARM_ATTEMPTS + 12)).isTrue();
    assertThat(payee.bookedMinor()).isEqualTo(2_00);
    LedgerState before = bankA.ledger();
    bankA.kill();
    bankA.start();
    assertThat(bankA.ledger().isEvicted(key.verificationKey().id())).isTrue();
    assertThat(bankA.ledger().height()).isGreaterThanOrEqualTo(before.height());
    payer.pay(payee, 1_00, "order-3");
    payer.awaitFinal("order-3");
    assertThat(payee.bookedMinor()).isEqualTo(3_00);
  }

  @Test
  void an_evicted_writer_stops_and_another_goes_on() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    SigningKey key = TestClient.newSigningKey();
    bankA.certify(Party.server(bankA.id, "s3"), key, Optional.empty());
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    BankNode live = bankA.newNode("s3", key, new TestNode.RememberedInMemory());
    live.start();
    try {
      bankA.revoke("s1", bankA.server);
      TestClient.until(
          "it stops and says so",
          () ->
              bankA.node().phase() instanceof NodePhase.Halted(String why)
                  && why.contains("was evicted"));
      assertThat(live.awaitWriting(20_000)).isTrue();
      payer.pay(payee, 1_00, "order-1");
      payer.awaitFinal("order-1");

      assertThat(live.ledger().isEvicted(bankA.server.verificationKey().id())).isTrue();
      assertThat(live.ledger().account(payee.account).orElseThrow().bookedMinor()).isEqualTo(1_00);
    } finally {
      live.kill();
    }
  }

  /** Nothing is sent again by time alone. */
  private static final OutboxLimits NO_RESENDING =
      new OutboxLimits(20_000, 250, 50, 600_000, 600_000, 50);

  /** Evicts A's only server, which the other one replaces. */
  private BankNode replaceTheServerOfA() throws Exception {
    SigningKey key = TestClient.newSigningKey();
    bankA.certify(Party.server(bankA.id, "s3"), key, Optional.empty());
    bankA.kill();
    bankA.revoke("s1", bankA.server);
    BankNode live = bankA.newNode("s3", key, new TestNode.RememberedInMemory());
    live.start();
    assertThat(live.awaitWriting(20_000)).isTrue();
    return live;
  }

  @Test
  void transfers_of_an_evicted_server_are_signed_again_at_once() throws Exception {
    bankA.outboxLimits = NO_RESENDING;
    TestBranch branchA = TestBranch.of(bankA);
    TestBranch branchB = TestBranch.of(bankB);
    bankA.start();
    bankB.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchB.customer("Bob", 0);
    bankB.stop();
    payer.pay(payee, 40_00, "order-1");
    TestClient.until("in flight", () -> bankA.ledger().outstandingCount() == 1);
    awaitSentAndSaidSo(branchA);

    BankNode live = replaceTheServerOfA();
    try {
      bankB.start();
      TestClient.until("credited", () -> payee.bookedMinor() == 40_00);
      assertThat(payer.awaitFinal("order-1").status()).isEqualTo(TransactionStatus.ACCC);
    } finally {
      live.kill();
    }
  }

  /** Blocks say that what is owed up to now was sent: a take-over alone does not send it again. */
  private void awaitSentAndSaidSo(TestBranch branchA) throws Exception {
    long owed = bankA.ledger().height();
    TestClient.until("sent", () -> bankA.node().outboxPending() == 0);
    var _ = branchA.customer("Erin", 1_00);
    TestClient.until("said so", () -> bankA.ledger().outboxDoneHeight() >= owed);
  }

  @Test
  void answers_of_an_evicted_server_are_signed_again_at_once() throws Exception {
    bankB.outboxLimits = NO_RESENDING;
    TestBranch branchA = TestBranch.of(bankA);
    TestBranch branchB = TestBranch.of(bankB);
    bankA.start();
    bankB.start();
    TestDevice payee = branchA.customer("Alice", 100_00);
    TestDevice payer = branchB.customer("Dora", 100_00);
    bankA.stop();
    payer.pay(payee, 40_00, "order-1");
    TestClient.until(
        "sent", () -> bankB.ledger().outstandingCount() == 1 && bankB.node().outboxPending() == 0);
    bankB.stop();
    bankA.start();
    TestClient.until("credited", () -> payee.bookedMinor() == 140_00);
    awaitSentAndSaidSo(branchA);

    BankNode live = replaceTheServerOfA();
    try {
      bankB.start();
      assertThat(payer.awaitFinal("order-1").status()).isEqualTo(TransactionStatus.ACCC);
    } finally {
      live.kill();
    }
  }

  @Test
  void notices_and_devices_of_an_evicted_server_are_signed_again() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    payer.pay(payee, 40_00, "order-1");
    TestClient.until(
        "sent", () -> payee.bookedMinor() == 40_00 && bankA.node().outboxPending() == 0);

    BankNode live = replaceTheServerOfA();
    try {
      // Nobody had looked into the mailbox yet, and nobody believes the first server any more.
      assertThat(payer.awaitFinal("order-1").status()).isEqualTo(TransactionStatus.ACCC);
      TestClient.until("devices too", () -> registeredInForce().equals(devicesOf(live.ledger())));
    } finally {
      live.kill();
    }
  }

  private static Set<String> devicesOf(LedgerState state) {
    return state.devices().map(DeviceView::deviceId).collect(Collectors.toSet());
  }

  /** Devices that a server has registered whom gateways believe. */
  private Set<String> registeredInForce() {
    Set<String> devices = new HashSet<>();
    try {
      for (Row row :
          bankA
              .own
              .append(TableName.DEVICES)
              .readAfter(DeviceRegistration.STREAM, Position.START, 1_000)) {
        Optional<VerificationKey> signer =
            bankA.inForce(Party.server(bankA.id, "s3"), SignedStatement.claimedKey(row.body()));
        if (signer.isPresent()) {
          Bytes statement =
              SignedStatement.verify(row.body(), DeviceRegistration.STATEMENT_TYPE, signer.get());
          devices.add(ProtocolJson.decode(statement, DeviceRegistration.class).deviceId());
        }
      }
    } catch (StoreUnavailable e) {
      return Set.of();
    } catch (CryptoFailure | MalformedMessage e) {
      throw new IllegalStateException(e);
    }
    return devices;
  }

  /** A block's content that changes nothing. */
  private Bytes nothing() {
    return MadeUpBody.after(bankA.ledger()).encoded();
  }

  private boolean stands(long height, int attempt) throws StoreUnavailable {
    for (int i = 0; ; i++) {
      try {
        return bankA
            .own
            .append(TableName.BLOCKS)
            .find(new ChainPlace(0, height, attempt).rowId())
            .isPresent();
      } catch (StoreUnavailable e) {
        if (i == 100) {
          throw e;
        }
      }
    }
  }
}
