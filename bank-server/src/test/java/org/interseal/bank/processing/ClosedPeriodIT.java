package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.ChainContent;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainValidator;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.Judgement;
import org.interseal.bank.chain.Openings;
import org.interseal.bank.chain.PlantedBlocks;
import org.interseal.bank.chain.Snapshots;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.MadeUpBody;
import org.interseal.bank.ledger.SnapshotCodec;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.EditedFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Periods closed by real servers, and servers that have nothing but what follows. */
class ClosedPeriodIT {
  private static final long FOREVER_MILLIS = 30_000;

  @TempDir Path directory;
  private TestFederation federation;
  private TestNode bank;

  @BeforeEach
  void begin() {
    federation = new TestFederation(Stores.sqlite(directory));
    bank = federation.bank("BKAAXX00");
  }

  @AfterEach
  void end() {
    federation.close();
  }

  private Openings.Hint awaitOpening(String period) {
    Openings openings =
        new Openings(new ChainIdentity(bank.id, 0), bank.own.append(TableName.SNAPSHOTS));
    List<Openings.Hint> found = new ArrayList<>();
    TestClient.until(
        "period " + period + " is open",
        () -> {
          try {
            openings.newestFirst().stream()
                .filter(hint -> hint.period().equals(period))
                .forEach(found::add);
            return !found.isEmpty();
          } catch (StoreUnavailable e) {
            return false;
          }
        });
    return found.getFirst();
  }

  /** Every block, as somebody with all keys reads them. */
  private List<ChainedBlock> chain() throws Exception {
    ChainIdentity identity = new ChainIdentity(bank.id, 0);
    ChainValidator validator =
        new ChainValidator(
            identity, new RegistryNodeTrust(bank.id, federation.registry()), bank.periods);
    ChainTip tip =
        identity.start(
            LedgerContent.empty(bank.id, 0, EvictionProofs.under(federation.registry())));
    List<ChainedBlock> chain = new ArrayList<>();
    while (true) {
      Optional<Row> row = bank.own.append(TableName.BLOCKS).find(tip.next(0).rowId());
      if (row.isEmpty()) {
        return chain;
      }
      Judgement judgement = validator.judge(row.get(), tip, 0);
      assertThat(judgement).isInstanceOf(Judgement.Valid.class);
      ChainedBlock block = ((Judgement.Valid) judgement).block();
      chain.add(block);
      tip = block.tip();
    }
  }

  private BlockBody.SnapshotRef opening(Openings.Hint hint) throws Exception {
    ChainedBlock block = chain().get((int) hint.place().height() - 1);
    assertThat(block.hash()).isEqualTo(hint.hash());
    return java.util.Objects.requireNonNull(PublishedLedger.body(block).snapshot());
  }

  /** What an operator drops once a period is closed. */
  private void drop(long upToHeight) throws Exception {
    edit("DELETE FROM blocks WHERE id < ?", new ChainPlace(0, upToHeight + 1, 0).rowId());
  }

  private void edit(String sql, String value) throws Exception {
    EditedFile.change(directory.resolve("bank-" + bank.id + ".db"), sql, value);
  }

  private BankNode brandNew(TestNode.Periods periods, ChainMemory memory) {
    return bank.newNode("s1", bank.server, memory, SnapshotMemory.none(), periods);
  }

  @Test
  void a_period_closes_while_payments_go_on_and_blocks_after_it_need_the_new_key_alone()
      throws Exception {
    TestBranch branch = TestBranch.of(bank);
    bank.start();
    TestDevice payer = branch.customer("Alice", 100_00);
    TestDevice payee = branch.customer("Carol", 0);
    payer.pay(payee, 1_00, "before");
    payer.awaitFinal("before");

    bank.startPeriod("2");
    for (int i = 0; i < 20; i++) {
      payer.pay(payee, 1_00, "meanwhile-" + i);
    }
    Openings.Hint hint = awaitOpening("2");
    payer.pay(payee, 1_00, "after");
    payer.awaitFinal("after");

    BlockBody.SnapshotRef ref = opening(hint);
    BlockBody.Opening opening = java.util.Objects.requireNonNull(ref.opening());
    List<ChainedBlock> chain = chain();
    assertThat(opening.period()).isEqualTo("2");
    assertThat(chain.get((int) ref.height() - 1).hash()).isEqualTo(opening.hash());
    LedgerState opened = PublishedLedger.content(chain.get((int) ref.height() - 1).tip()).state();
    assertThat(chain)
        .allSatisfy(block -> {
          if (block.place().height() > opened.outboxDoneHeight()) {
            assertThat(block.period()).isEqualTo("2");
          }
        });
    assertThat(chain.getFirst().period()).isEqualTo("1");
    TestClient.until(
        "all are booked",
        () -> bank.ledger().account(payee.account).orElseThrow().bookedMinor() == 22_00);
  }

  @Test
  void a_bank_without_customers_at_work_closes_its_period_too() throws Exception {
    bank.start();
    bank.startPeriod("2");
    Openings.Hint hint = awaitOpening("2");

    long blocks = bank.node().tip().height();
    assertThat(blocks).isBetween(hint.place().height(), hint.place().height() + 1);
    // Once: nothing more happens, also after a restart.
    bank.kill();
    bank.start();
    bank.startPeriod("3");
    assertThat(awaitOpening("3").place().height()).isLessThan(blocks + 8);
  }

  @Test
  void a_server_with_an_empty_disk_goes_on_from_the_opening_when_all_before_it_is_gone()
      throws Exception {
    TestBranch branch = TestBranch.of(bank);
    bank.start();
    TestDevice payer = branch.customer("Alice", 100_00);
    TestDevice payee = branch.customer("Carol", 0);
    payer.pay(payee, 10_00, "rent");
    payer.awaitFinal("rent");
    bank.startPeriod("2");
    BlockBody.SnapshotRef ref = opening(awaitOpening("2"));
    payer.pay(payee, 1_00, "kept");
    payer.awaitFinal("kept");
    long closed = closedHeight(ref);
    LedgerState before = bank.ledger();
    bank.stop();
    ChainedBlock last = chain().getLast();
    drop(closed);

    ChainMemory accepted = new TestNode.RememberedInMemory();
    try (BankNode fresh = brandNew(bank.periods.only("2"), accepted)) {
      standsStill(fresh, "this server remembers no block");
      accepted.saw(new ChainMemory.Head(last.place().height(), last.hash()));
      assertThat(fresh.awaitWriting(FOREVER_MILLIS)).as(fresh.phase().toString()).isTrue();
      assertThat(fresh.restoredHeight()).isEqualTo(ref.height());
      assertThat(fresh.ledger().accounts().toList()).isEqualTo(before.accounts().toList());

      // What was paid in the closed period is not paid again.
      payer.pay(payee, 10_00, "rent");
      payer.pay(payee, 2_00, "new");
      assertThat(payer.awaitFinal("new").status()).isEqualTo(TransactionStatus.ACCC);
      assertThat(fresh.ledger().account(payee.account).orElseThrow().bookedMinor())
          .isEqualTo(13_00);
      LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
      payer.send(new DeviceMessage.QueryStatement(payer.account, today.minusDays(1), today, null));
      DeviceNotice.Statement statement = payer.await(DeviceNotice.Statement.class, s -> true);
      assertThat(statement.earlierClosed()).isTrue();
      assertThat(statement.entries()).extracting(e -> e.instructionId()).contains("new", "kept");
      assertThat(statement.closing()).isEqualTo(new Money(87_00, TestNode.CZK));
      assertThat(statement.opening()).isEqualTo(new Money(90_00, TestNode.CZK));
    }
  }

  @Test
  void blocks_of_a_closed_period_hold_no_other_partition_up() throws Exception {
    BlockBody.SnapshotRef ref = closeAndStop();
    long closed = closedHeight(ref);
    ChainedBlock last = chain().getLast();
    long inFirst =
        chain().stream()
            .filter(block -> block.period().equals("1") && !block.isFence())
            .mapToLong(block -> block.place().height())
            .max()
            .orElseThrow();
    ChainMemory accepted = new TestNode.RememberedInMemory();
    accepted.saw(new ChainMemory.Head(last.place().height(), last.hash()));

    try (BankNode fresh = brandNew(bank.periods.only("2"), accepted)) {
      fresh.start();
      assertThat(fresh.awaitWriting(FOREVER_MILLIS)).as(fresh.phase().toString()).isTrue();
      SiblingChain read = fresh.asSibling();
      assertThat(read.block(inFirst)).as("its key is gone").isEmpty();
      assertThat(read.block(ref.height() + 1)).isPresent();
      drop(closed);
      assertThat(read.block(inFirst)).as("its row is gone").isEmpty();
    }
  }

  private long closedHeight(BlockBody.SnapshotRef ref) throws Exception {
    return PublishedLedger.content(chain().get((int) ref.height() - 1).tip())
        .state()
        .outboxDoneHeight();
  }

  private BlockBody.SnapshotRef closeAndStop() throws Exception {
    TestBranch branch = TestBranch.of(bank);
    bank.start();
    TestDevice payer = branch.customer("Alice", 100_00);
    bank.startPeriod("2");
    BlockBody.SnapshotRef ref = opening(awaitOpening("2"));
    payer.pay(branch.customer("Carol", 0), 1_00, "kept");
    payer.awaitFinal("kept");
    bank.stop();
    return ref;
  }

  private void standsStill(BankNode server, String because) {
    server.start();
    TestClient.until("halted", () -> server.phase() instanceof NodePhase.Halted);
    assertThat(server.phase().toString()).contains(because);
    assertThat(server.tip().height()).isZero();
  }

  @Test
  void a_server_with_an_empty_disk_takes_no_chain_without_past_for_one_that_begins()
      throws Exception {
    BlockBody.SnapshotRef ref = closeAndStop();
    drop(closedHeight(ref));
    edit("DELETE FROM snapshots WHERE id = ?", ref.chunkIds().getFirst());

    try (BankNode fresh = brandNew(bank.periods.only("2"), new TestNode.RememberedInMemory())) {
      standsStill(fresh, "the beginning of BKAAXX00.p00 was dropped");
    }
  }

  @Test
  void a_hole_behind_the_first_block_is_no_end() throws Exception {
    BlockBody.SnapshotRef ref = closeAndStop();
    assertThat(ref.height()).isGreaterThan(2);
    edit("DELETE FROM blocks WHERE id = ?", new ChainPlace(0, 2, 0).rowId());

    try (BankNode fresh = brandNew(bank.periods, new TestNode.RememberedInMemory())) {
      fresh.start();
      TestClient.until("halted", () -> fresh.phase() instanceof NodePhase.Halted);
      assertThat(fresh.phase().toString())
          .contains("rows after block 1 of BKAAXX00.p00 are missing");
      assertThat(fresh.tip().height()).isOne();
    }
  }

  @Test
  void junk_in_place_of_the_first_block_is_no_beginning() throws Exception {
    BlockBody.SnapshotRef ref = closeAndStop();
    drop(closedHeight(ref));
    Persevering.insert(
        bank.own.append(TableName.BLOCKS),
        new NewRow("p00", new ChainPlace(0, 1, 0).rowId(), "junk"));

    try (BankNode fresh = brandNew(bank.periods, new TestNode.RememberedInMemory())) {
      standsStill(fresh, "rows after block 0 of BKAAXX00.p00 are missing");
    }
  }

  /** What an evicted server can write that has a helper at the store: a state far ahead. */
  private long forgeOpening() throws Exception {
    ChainIdentity identity = new ChainIdentity(bank.id, 0);
    LedgerContent forged =
        LedgerContent.empty(bank.id, 0, EvictionProofs.under(federation.registry()));
    long height = chain().size() + 20L;
    for (long h = 1; h <= height; h++) {
      forged =
          (LedgerContent)
              ((ChainContent.Next.Fits) forged.next(h, 2, Bytes.of(new byte[0]))).after();
    }
    Snapshots snapshots =
        new Snapshots(
            identity, bank.own.append(TableName.SNAPSHOTS), bank.periods, TestFederation.RANDOM);
    List<String> chunks =
        ((Snapshots.StoreResult.Stored)
                snapshots.store(SnapshotCodec.chunks(forged.state()), Runnable::run).join())
            .chunkIds();
    Bytes madeUp = Bytes.sha256(Bytes.utf8("no block"));
    Bytes body =
        MadeUpBody.after(forged.state())
            .snapshot(
                new BlockBody.SnapshotRef(height, chunks, new BlockBody.Opening("2", madeUp, 1)))
            .encoded();
    ChainTip tip = new ChainTip(0, height, madeUp, 1, 1, forged);
    NewRow row = PlantedBlocks.row(identity, "s1", bank.server, bank.periods, tip, 0, body);
    Persevering.insert(bank.own.append(TableName.BLOCKS), row);
    assertThat(
            new Openings(identity, bank.own.append(TableName.SNAPSHOTS))
                .leave(new Openings.Hint("2", tip.next(0), Bytes.sha256(Bytes.utf8(row.body()))))
                .join())
        .isTrue();
    return height;
  }

  private void followsTheRealChain(ChainMemory memory, long restored) throws Exception {
    try (BankNode server =
        bank.newNode("s1", bank.server, memory, SnapshotMemory.none(), bank.periods)) {
      server.start();
      assertThat(server.awaitWriting(FOREVER_MILLIS)).as(server.phase().toString()).isTrue();
      assertThat(server.restoredHeight()).isEqualTo(restored);
      assertThat(server.ledger().accounts().count()).isEqualTo(2);
    }
  }

  @Test
  void a_forged_opening_far_ahead_leads_no_new_server_astray() throws Exception {
    BlockBody.SnapshotRef ref = closeAndStop();
    assertThat(forgeOpening()).isGreaterThan(ref.height());

    followsTheRealChain(new TestNode.RememberedInMemory(), 0);
  }

  @Test
  void a_server_that_remembers_a_block_but_lost_its_snapshot_uses_no_forged_opening()
      throws Exception {
    BlockBody.SnapshotRef ref = closeAndStop();
    List<ChainedBlock> chain = chain();
    forgeOpening();
    ChainMemory early = new TestNode.RememberedInMemory();
    early.saw(new ChainMemory.Head(1, chain.getFirst().hash()));
    ChainMemory late = new TestNode.RememberedInMemory();
    late.saw(new ChainMemory.Head(chain.size(), chain.getLast().hash()));

    followsTheRealChain(late, ref.height());
    followsTheRealChain(early, 0);
  }

  @Test
  void junk_hints_hide_no_opening() throws Exception {
    BlockBody.SnapshotRef ref = closeAndStop();
    List<ChainedBlock> chain = chain();
    Openings openings =
        new Openings(new ChainIdentity(bank.id, 0), bank.own.append(TableName.SNAPSHOTS));
    for (int i = 0; i < 20; i++) {
      Bytes junk = Bytes.sha256(Bytes.utf8("junk " + i));
      ChainPlace place = new ChainPlace(0, i % 2 == 0 ? chain.size() : 1_000_000 + i, 0);
      assertThat(openings.leave(new Openings.Hint("2", place, junk)).join()).isTrue();
    }
    ChainMemory memory = new TestNode.RememberedInMemory();
    memory.saw(new ChainMemory.Head(chain.size(), chain.getLast().hash()));

    followsTheRealChain(memory, ref.height());
  }

  @Test
  void an_opening_that_was_altered_is_not_used() throws Exception {
    BlockBody.SnapshotRef ref = closeAndStop();
    drop(closedHeight(ref));
    edit(
        "UPDATE snapshots SET body = substr(body, 1, 200) || 'AAAA' || substr(body, 205) WHERE id = ?",
        ref.chunkIds().getFirst());

    try (BankNode fresh = brandNew(bank.periods.only("2"), new TestNode.RememberedInMemory())) {
      standsStill(fresh, "no opening that can be used");
    }
  }

  @Test
  void a_server_that_remembers_a_block_of_the_dropped_part_waits_for_its_operator()
      throws Exception {
    BlockBody.SnapshotRef ref = closeAndStop();
    Bytes early = chain().getFirst().hash();
    drop(closedHeight(ref));
    ChainMemory memory = new TestNode.RememberedInMemory();
    memory.saw(new ChainMemory.Head(1, early));

    try (BankNode late = brandNew(bank.periods.only("2"), memory)) {
      standsStill(late, "this server saw block 1 ");
    }
  }

  @Test
  void a_server_that_remembers_a_later_block_finds_a_chain_that_was_cut() throws Exception {
    BlockBody.SnapshotRef ref = closeAndStop();
    List<ChainedBlock> chain = chain();
    ChainedBlock last = chain.getLast();
    drop(closedHeight(ref));
    edit("DELETE FROM blocks WHERE id = ?", last.place().rowId());
    ChainMemory memory = new TestNode.RememberedInMemory();
    memory.saw(new ChainMemory.Head(last.place().height(), last.hash()));

    try (BankNode late = brandNew(bank.periods.only("2"), memory)) {
      late.start();
      TestClient.until("halted", () -> late.phase() instanceof NodePhase.Halted);
      assertThat(late.phase().toString()).contains("this server saw block");
    }
  }
}
