package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.Snapshots;
import org.interseal.bank.inbox.SetAsideRecord;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.BlockCodec;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerInvariants;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.MadeUpBody;
import org.interseal.bank.ledger.Owed;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.SnapshotCodec;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Position;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Test;

/** What a bank's server must do on every store. */
abstract class BankNodeContract extends TakeOverContract {
  private static final int MAX_TRIES = 100;

  @Test
  void a_payment_without_funds_is_rejected_with_its_reason() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 10_00);
    TestDevice payee = branchA.customer("Carol", 0);

    payer.pay(payee, 40_00, "order-1");

    assertThat(payer.awaitFinal("order-1").reason()).isEqualTo(ReasonCode.AM04);
    assertThat(payer.bookedMinor()).isEqualTo(10_00);
  }

  @Test
  void killed_again_and_again_nothing_is_lost_or_doubled() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    TestBranch branchB = TestBranch.of(bankB);
    bankA.start();
    bankB.start();
    TestDevice payer = branchA.customer("Alice", 1_000_00);
    TestDevice payee = branchB.customer("Bob", 1_000_00);
    int payments = 60;
    for (int i = 0; i < payments; i++) {
      payer.pay(payee, 1_00, "there-" + i);
      payee.pay(payer, 2_00, "back-" + i);
      if (i % 12 == 5) {
        bankA.kill();
        bankA.startOnly();
      }
      if (i % 12 == 11) {
        bankB.kill();
        bankB.startOnly();
      }
    }
    bankA.kill();
    bankA.start();

    for (int i = 0; i < payments; i++) {
      assertThat(payer.awaitFinal("there-" + i).status()).isEqualTo(TransactionStatus.ACCC);
      assertThat(payee.awaitFinal("back-" + i).status()).isEqualTo(TransactionStatus.ACCC);
    }
    TestClient.until("nothing outstanding", () -> bankA.ledger().outstandingCount() == 0);
    TestClient.until("nothing outstanding", () -> bankB.ledger().outstandingCount() == 0);
    assertThat(payer.bookedMinor()).isEqualTo(1_000_00 - payments * 1_00 + payments * 2_00);
    assertThat(payee.bookedMinor()).isEqualTo(1_000_00 + payments * 1_00 - payments * 2_00);
    assertThat(positionOf(bankA, bankB)).isEqualTo(-positionOf(bankB, bankA));
    assertThat(LedgerInvariants.check(bankA.ledger())).isEmpty();
    assertThat(LedgerInvariants.check(bankB.ledger())).isEmpty();
    payer.requireFewRows();
    payee.requireFewRows();
  }

  @Test
  void junk_is_set_aside_and_counted_and_stops_nobody() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    TestDevice stranger = TestDevice.of(bankA, "Mallory", payer.account);

    String garbage = payer.submit("not an envelope at all");
    String byStranger = stranger.submit(stranger.seal(payer.payment(stranger, 50_00, "theft"), 1));
    payer.submit(payer.seal(payer.payment(payee, 1_00, "good")));

    payer.awaitStatus("good", TransactionStatus.ACCC);
    TestClient.until("both set aside", () -> setAside().containsAll(List.of(garbage, byStranger)));
    TestClient.until(
        "the ledger has them", () -> counted("malformed") == 1 && counted("unknown-author") == 1);
    assertThat(payer.bookedMinor()).isEqualTo(99_00);
  }

  @Test
  void a_row_as_long_as_the_store_takes_stops_nobody() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);

    String longest = payer.submit("x".repeat(StoreLimits.MAX_BODY_LENGTH));
    String escaped = payer.submit("\u0001".repeat(StoreLimits.MAX_BODY_LENGTH / 4));
    payer.submit(payer.seal(payer.payment(payee, 1_00, "good")));

    payer.awaitStatus("good", TransactionStatus.ACCC);
    TestClient.until("both set aside", () -> setAside().containsAll(List.of(longest, escaped)));
  }

  @Test
  void a_message_set_aside_can_be_released() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    String garbage = payer.submit("still no envelope");
    TestClient.until("set aside", () -> setAside().contains(garbage));
    long height = bankA.node().tip().height();

    SetAsideRecord message = bankA.node().setAside().find(garbage).orElseThrow();
    assertThat(message.envelope()).isEqualTo("still no envelope");
    assertThat(bankA.node().release(message.envelope(), message.storedAtMillis())).isTrue();

    TestClient.until(
        "tried again", () -> bankA.node().tip().height() > height && counted("malformed") == 2);
  }

  private List<String> setAside() {
    try {
      return bankA.node().setAside().list(Position.START, 100).records().stream()
          .map(SetAsideRecord::submissionId)
          .toList();
    } catch (StoreUnavailable e) {
      return List.of();
    }
  }

  private int counted(String reason) {
    var counter = bankA.meters.find("interseal.set.aside").tag("reason", reason).counter();
    return counter == null ? 0 : (int) counter.count();
  }

  @Test
  void a_backlog_larger_than_a_block_is_worked_off_in_bounded_blocks() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_000_00);
    TestDevice payee = branchA.customer("Carol", 0);
    bankA.stop();
    int payments = BlockBody.MAX_ITEMS + 100;
    payer.payOften(payee, 1, payments);

    bankA.start();

    payer.awaitFinal("order-" + (payments - 1));
    TestClient.until("all booked", () -> payee.bookedMinor() == payments);
    assertThat(payer.bookedMinor()).isEqualTo(100_000_00 - payments);
    assertThat(bankA.meters.get("interseal.block.items").summary().max())
        .isLessThanOrEqualTo(BlockBody.MAX_ITEMS);
  }

  @Test
  void the_same_row_twice_has_effect_once() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    String envelope = payer.seal(payer.payment(payee, 10_00, "once"));

    payer.submit(envelope);
    TestFederation.insert(
        federation.shared,
        TableName.TRANSACTIONS,
        new NewRow(bankA.id.value(), SubmissionId.rowId(bankA.id, envelope, 1), envelope));
    payer.awaitFinal("once");
    payer.pay(payee, 1_00, "afterwards");
    payer.awaitFinal("afterwards");

    assertThat(payee.bookedMinor()).isEqualTo(11_00);
    payer.requireFewRows();
  }

  @Test
  void a_snapshot_makes_a_restart_short_and_changes_nothing() throws Exception {
    bankA.limits = new ProcessingLimits(1, 60_000, 2_000, 50, 5, 5_000);
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    int sent = 0;
    while (bankA.snapshots.latest().isEmpty()) {
      sent++;
      payer.pay(payee, 1, "order-" + sent);
      payer.awaitFinal("order-" + sent);
    }
    LedgerState before = bankA.ledger();
    bankA.kill();

    bankA.start();

    assertThat(bankA.node().restoredHeight()).isPositive();
    assertThat(bankA.ledger().customerTotals()).isEqualTo(before.customerTotals());
    payer.pay(payee, 1, "afterwards");
    payer.awaitFinal("afterwards");
    assertThat(payee.bookedMinor()).isEqualTo(sent + 1);
    payer.requireFewRows();
  }

  private BankNode serverWithDisk(SigningKey key, SnapshotMemory disk) {
    return bankA.newNode("s2", key, new TestNode.RememberedInMemory(), disk, bankA.periods);
  }

  @Test
  void a_server_that_never_wrote_starts_from_the_snapshot_of_another() throws Exception {
    bankA.limits = new ProcessingLimits(1, 60_000, 2_000, 50, 5, 5_000);
    TestBranch branchA = TestBranch.of(bankA);
    SigningKey second = TestClient.newSigningKey();
    bankA.certify(Party.server(bankA.id, "s2"), second, Optional.empty());
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    TestNode.KeptSnapshots disk = new TestNode.KeptSnapshots();
    int sent = 0;
    try (BankNode standby = serverWithDisk(second, disk)) {
      standby.start();
      TestClient.until("following", () -> standby.phase() instanceof NodePhase.Following);
      while (disk.latest().isEmpty() && sent < 50) {
        sent++;
        payer.pay(payee, 1, "order-" + sent);
        payer.awaitFinal("order-" + sent);
      }
    }

    try (BankNode again = serverWithDisk(second, disk)) {
      again.start();
      TestClient.until("following", () -> again.phase() instanceof NodePhase.Following);

      assertThat(again.restoredHeight()).isPositive();
      TestClient.until("followed", () -> again.tip().equals(bankA.node().tip()));
      assertThat(again.ledger().customerTotals()).isEqualTo(bankA.ledger().customerTotals());
    }
  }

  @Test
  void a_false_snapshot_that_another_server_names_is_not_used() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    SigningKey second = TestClient.newSigningKey();
    SigningKey mad = TestClient.newSigningKey();
    bankA.certify(Party.server(bankA.id, "s2"), second, Optional.empty());
    bankA.certify(Party.server(bankA.id, "s3"), mad, Optional.empty());
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 31_415);
    TestDevice payee = branchA.customer("Carol", 0);
    TestNode.KeptSnapshots disk = new TestNode.KeptSnapshots();
    long falseHeight;
    try (BankNode standby = serverWithDisk(second, disk)) {
      standby.start();
      TestClient.until("followed", () -> standby.tip().equals(bankA.node().tip()));
      List<Function<LedgerState, List<Bytes>>> falseOnes =
          List.of(
              state -> altered(state, "interseal-snapshot 3\n", "interseal-snapshot 1\n"),
              state -> SnapshotCodec.encode(state).subList(0, 1),
              BankNodeContract::andOneMore,
              state -> altered(state, "31415", "91415"));
      falseHeight = 0;
      for (int i = 0; i < falseOnes.size(); i++) {
        falseHeight = nameSnapshot(mad, standby, falseOnes.get(i));
        payer.pay(payee, 1, "order-" + i);
        payer.awaitFinal("order-" + i);
      }

      // What is true is compared after it and taken, from the same server.
      long newestFalse = falseHeight;
      for (int i = 0; i < 10 && disk.heights.stream().noneMatch(h -> h > newestFalse); i++) {
        payer.pay(payee, 1, "more-" + i);
        payer.awaitFinal("more-" + i);
        nameSnapshot(mad, standby, SnapshotCodec::encode);
      }
      // An idle writer sees a mad server's last block when it goes on.
      payer.pay(payee, 1, "last");
      payer.awaitFinal("last");
    }

    long newestFalse = falseHeight;
    assertThat(disk.heights).isNotEmpty().allMatch(height -> height > newestFalse);
    try (BankNode again = serverWithDisk(second, disk)) {
      again.start();
      TestClient.until("followed", () -> again.tip().equals(bankA.node().tip()));
      assertThat(again.ledger().customerTotals()).isEqualTo(bankA.ledger().customerTotals());
    }
  }

  @Test
  void a_writer_without_work_follows_what_another_server_appended() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    SigningKey other = TestClient.newSigningKey();
    bankA.certify(Party.server(bankA.id, "s3"), other, Optional.empty());
    bankA.start();
    TestDevice _ = branchA.customer("Alice", 100_00);
    long fence = bankA.node().tip().fence();

    bankA.plantBlock("s3", other, 0, BlockCodec.encode(MadeUpBody.after(bankA.ledger()).body()));

    TestClient.until("taken over again", () -> bankA.node().tip().fence() > fence);
    TestClient.until("writing", () -> bankA.node().phase() instanceof NodePhase.Writing);
  }

  private static List<Bytes> altered(LedgerState state, String text, String instead) {
    return SnapshotCodec.encode(state).stream()
        .map(chunk ->
            chunk.toUtf8().contains(text)
                ? Bytes.utf8(chunk.toUtf8().replace(text, instead))
                : chunk)
        .toList();
  }

  private static List<Bytes> andOneMore(LedgerState state) {
    List<Bytes> chunks = new ArrayList<>(SnapshotCodec.encode(state));
    chunks.add(Bytes.utf8("interseal-snapshot 3\n{}\n"));
    return chunks;
  }

  /** Names a snapshot of the last block in the next one, and waits until a follower has seen it. */
  private long nameSnapshot(
      SigningKey key, BankNode follower, Function<LedgerState, List<Bytes>> encoding)
      throws Exception {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      LedgerState state = bankA.ledger();
      ChainTip tip = bankA.node().tip();
      List<Bytes> chunks = encoding.apply(state);
      Snapshots snapshots =
          new Snapshots(
              new ChainIdentity(bankA.id, 0),
              bankA.own.append(TableName.SNAPSHOTS),
              bankA.periods,
              TestFederation.RANDOM);
      if (state.height() == tip.height()
          && snapshots.store(chunks.iterator(), Runnable::run).join()
              instanceof Snapshots.StoreResult.Stored(var ids)) {
        BlockBody body =
            MadeUpBody.after(state).snapshot(new BlockBody.SnapshotRef(tip.height(), ids)).body();
        ChainPlace place = bankA.plantBlock("s3", key, 0, BlockCodec.encode(body));
        TestClient.until("followed", () -> follower.tip().height() >= place.height());
        if (follower.asSibling().block(place.height()).filter(body::equals).isPresent()) {
          return tip.height();
        }
      }
    }
    throw new AssertionError("another block always came first");
  }

  @Test
  void signed_blocks_that_do_not_fit_the_ledger_stop_nobody() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    LedgerState before = bankA.ledger();
    // Readable, within all limits and conservative; the registry's version cannot go back and
    // nobody has that account.
    bankA.plantBlock(
        0, MadeUpBody.after(before).events(new LedgerEvent.RegistryNoted(0, Map.of())).encoded());
    bankA.plantBlock(
        1,
        MadeUpBody.after(before)
            .events(new LedgerEvent.AccountClosed("b1", "t1", Iban.of(bankA.id, 0, 999_999_999)))
            .encoded());
    bankA.plantBlock(2, Bytes.utf8("no content at all"));
    // It owes a transfer that none of its events has made.
    bankA.plantBlock(3, MadeUpBody.after(before).owed(new Owed.TransferOut(0)).encoded());
    bankA.plantBlock(
        4,
        MadeUpBody.after(before)
            .events(new LedgerEvent.FloorRaised(new Peer(bankB.id, 0), 1))
            .owed(new Owed.TransferOut(0))
            .encoded());

    payer.pay(payee, 1_00, "while it runs");
    payer.awaitFinal("while it runs");
    bankA.kill();
    bankA.start();
    payer.pay(payee, 1_00, "afterwards");
    payer.awaitFinal("afterwards");

    assertThat(payee.bookedMinor()).isEqualTo(2_00);
    payer.requireFewRows();
  }

  @Test
  void a_row_of_a_version_that_nobody_knows_stops_nobody() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    String row =
        SignedStatement.sign(
                "interseal-block", Bytes.utf8("{\"v\":99,\"node\":\"s1\"}"), bankA.server)
            + ".AAAA";
    Persevering.insert(
        bankA.own.append(TableName.BLOCKS),
        new NewRow(ChainPlace.stream(0), bankA.node().tip().next(0).rowId(), row));

    payer.pay(payee, 1_00, "while it runs");
    payer.awaitFinal("while it runs");
    bankA.kill();
    bankA.start();
    payer.pay(payee, 1_00, "afterwards");
    payer.awaitFinal("afterwards");
    assertThat(payee.bookedMinor()).isEqualTo(2_00);
  }

  @Test
  void a_statement_is_worked_out_from_the_chain() throws Exception {
    TestBranch branchA = TestBranch.of(bankA);
    bankA.start();
    TestDevice payer = branchA.customer("Alice", 100_00);
    TestDevice payee = branchA.customer("Carol", 0);
    payer.pay(payee, 10_00, "rent");
    payer.awaitFinal("rent");
    LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);

    payer.send(new DeviceMessage.QueryStatement(payer.account, today.minusDays(1), today, null));

    DeviceNotice.Statement statement = payer.await(DeviceNotice.Statement.class, s -> true);
    assertThat(statement.entries()).hasSize(2);
    assertThat(statement.opening()).isEqualTo(new Money(0, TestNode.CZK));
    assertThat(statement.closing()).isEqualTo(new Money(90_00, TestNode.CZK));
  }
}
