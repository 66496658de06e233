package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.RememberedHeads;
import org.interseal.store.MutableTable;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.EditedFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store loses a bank's last block. One of its servers knows it, the other has never read it.
 */
@Timeout(120)
class LostBlockIT {
  private static final long START_MILLIS = 20_000;
  private static final long LEASE_MILLIS = 600;

  /** The pause between two tries of a server that stands still lasts several leases. */
  private static final int RENEWALS = 4 * 6;

  @TempDir Path directory;

  private TestFederation federation;
  private TestNode bank;
  private RememberedHeads heads;

  @BeforeEach
  void open() {
    federation = new TestFederation(Stores.sqlite(directory));
    bank = federation.bank("AAAAXX00");
    bank.limits = new ProcessingLimits(5, 60_000, LEASE_MILLIS, 50, 5_000, 5_000);
    bank.enrol("s2");
    heads = RememberedHeads.open(directory, new ChainIdentity(bank.id, 0));
  }

  @AfterEach
  void close() throws Exception {
    heads.close();
    federation.close();
  }

  /** Knows what the store has lost, as its disk outlived it. */
  private BankNode knowing() {
    BankNode node = bank.newNode("s1", bank.server, heads);
    node.start();
    return node;
  }

  private BankNode unknowing() {
    BankNode node =
        bank.newNode(
            "s2",
            java.util.Objects.requireNonNull(bank.servers.get("s2")),
            new TestNode.RememberedInMemory());
    node.start();
    return node;
  }

  /** Writes a chain and takes its last block away; returns the new end. */
  private long loseLastBlock() throws Exception {
    BankNode before = knowing();
    assertThat(before.awaitWriting(START_MILLIS)).isTrue();
    // What the registry says comes into a block by itself.
    TestClient.until("a block", () -> before.tip().height() > 1);
    before.close();
    ChainTip lost = before.tip();
    int rows =
        EditedFile.change(
            directory.resolve("bank-" + bank.id + ".db"),
            "DELETE FROM blocks WHERE id LIKE ?",
            new ChainPlace(0, lost.height(), 0).rowId().replaceFirst("[0-9]+$", "%"));
    assertThat(rows).isEqualTo(1);
    return lost.height() - 1;
  }

  private MutableTable.Versioned lease() {
    try {
      return bank.own.mutable(TableName.LEASES).find("p00").orElseThrow();
    } catch (StoreUnavailable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitHalt(BankNode node) {
    TestClient.until(
        "it stands still",
        () ->
            node.phase() instanceof NodePhase.Halted(String why)
                && why.contains("this server saw block"));
  }

  /** One that does not know, started once the one that does stands still. */
  private BankNode startedAfterHaltOf(BankNode knowing) {
    awaitHalt(knowing);
    return unknowing();
  }

  @Test
  void who_does_not_know_of_the_loss_does_not_write_until_an_operator_decides() throws Exception {
    long end = loseLastBlock();
    try (BankNode knowing = knowing();
        BankNode unknowing = startedAfterHaltOf(knowing)) {
      TestClient.until("it follows", () -> unknowing.phase() instanceof NodePhase.Following);
      long from = lease().version();
      TestClient.until("renewals", () -> lease().version() >= from + RENEWALS);

      assertThat(knowing.phase()).isInstanceOf(NodePhase.Halted.class);
      assertThat(unknowing.phase()).isInstanceOf(NodePhase.Following.class);
      assertThat(unknowing.tip().height()).isEqualTo(end);
      assertThat(knowing.tip().height()).isEqualTo(end);

      heads.accept(knowing.tip().height(), knowing.tip().hash());
      assertThat(knowing.awaitWriting(START_MILLIS)).isTrue();
      TestClient.until("it follows on", () -> unknowing.tip().height() > end);
      assertThat(unknowing.phase()).isInstanceOf(NodePhase.Following.class);
    }
  }

  @Test
  void a_server_that_stops_gives_such_a_chain_to_nobody() throws Exception {
    long end = loseLastBlock();
    try (BankNode knowing = knowing()) {
      awaitHalt(knowing);
    }

    assertThat(lease().body()).contains("\"s1\"");
    try (BankNode unknowing = unknowing()) {
      // Nobody is left who knows.
      assertThat(unknowing.awaitWriting(START_MILLIS)).isTrue();
      assertThat(unknowing.tip().height()).isGreaterThan(end);
    }
  }
}
