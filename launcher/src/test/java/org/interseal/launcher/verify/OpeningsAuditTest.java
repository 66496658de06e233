package org.interseal.launcher.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.ChainContent;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.Ledger;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.store.Position;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A certified server names an opening; nobody checks it when the block is judged. */
class OpeningsAuditTest {
  private static final BankId BANK = new BankId("BKAAXX00");
  private static final long FENCE = 3;
  private static final LedgerState TRUE_STATE = Ledger.empty(BANK, 0);
  private static final LedgerState OTHER_STATE = Ledger.empty(new BankId("BKABXX00"), 0);

  private final OpeningsAudit audit = new OpeningsAudit(new ChainIdentity(BANK, 0));

  private static Bytes hash(long height) {
    return Bytes.sha256(Bytes.utf8("block " + height));
  }

  private void block(long height, BlockBody.@Nullable SnapshotRef snapshot) {
    ChainedBlock block =
        new ChainedBlock(
            new ChainPlace(0, height, 0),
            hash(height),
            hash(height - 1),
            FENCE,
            "server-1",
            "2",
            Bytes.utf8("body"),
            ChainContent.NOT_FOLLOWED);
    BlockBody body =
        new BlockBody(
            BlockBody.VERSION, 1, 1, Position.START, List.of(), List.of(), List.of(), 1, snapshot);
    audit.feed(block, body, TRUE_STATE);
  }

  private static BlockBody.SnapshotRef opening(long height, Bytes hash, long fence) {
    return new BlockBody.SnapshotRef(
        height, List.of("chunk"), new BlockBody.Opening("2", hash, fence));
  }

  private List<String> found(Optional<LedgerState> stored) throws StoreUnavailable {
    return audit.end(_ -> stored).stream().map(BadPlace::reason).toList();
  }

  @Test
  void theStateThatTheChainLeadsToIsSound() throws StoreUnavailable {
    block(7, null);
    block(8, opening(7, hash(7), FENCE));
    assertThat(found(Optional.of(TRUE_STATE))).isEmpty();
  }

  @Test
  void aPlantedStateIsFalse() throws StoreUnavailable {
    block(7, null);
    block(8, opening(7, hash(7), FENCE));
    assertThat(found(Optional.of(OTHER_STATE))).containsExactly("OPENING_FALSE");
  }

  @Test
  void anOpeningOfABlockThatIsNotInTheChainIsFalse() throws StoreUnavailable {
    block(7, null);
    block(8, opening(7, hash(6), FENCE));
    block(9, opening(7, hash(7), FENCE + 1));
    block(10, opening(6, hash(6), FENCE));
    assertThat(found(Optional.of(TRUE_STATE)))
        .containsExactly("OPENING_FALSE", "OPENING_FALSE", "OPENING_FALSE");
  }

  @Test
  void aStateThatIsNotThereIsMissing() throws StoreUnavailable {
    block(7, null);
    block(8, opening(7, hash(7), FENCE));
    assertThat(found(Optional.empty())).containsExactly("OPENING_MISSING");
  }
}
