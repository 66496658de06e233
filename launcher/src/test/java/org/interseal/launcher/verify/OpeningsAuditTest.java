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
    block(height, "2", TRUE_STATE, snapshot);
  }

  private void block(
      long height, String period, LedgerState state, BlockBody.@Nullable SnapshotRef snapshot) {
    feed(audit, chained(height, period), state, snapshot);
  }

  private static ChainedBlock chained(long height, String period) {
    return new ChainedBlock(
        new ChainPlace(0, height, 0),
        hash(height),
        hash(height - 1),
        FENCE,
        "server-1",
        period,
        Bytes.utf8("body"),
        ChainContent.NOT_FOLLOWED);
  }

  private static void feed(
      OpeningsAudit audit,
      ChainedBlock block,
      LedgerState state,
      BlockBody.@Nullable SnapshotRef snapshot) {
    audit.feed(block, body(1, snapshot), state);
  }

  private static BlockBody body(long done, BlockBody.@Nullable SnapshotRef snapshot) {
    return new BlockBody(
        BlockBody.VERSION, 1, 1, Position.START, List.of(), List.of(), List.of(), done, snapshot);
  }

  private static BlockBody.SnapshotRef opening(long height, Bytes hash, long fence) {
    return new BlockBody.SnapshotRef(
        height, List.of("chunk"), new BlockBody.Opening("2", hash, fence));
  }

  private List<String> found(Optional<LedgerState> stored) throws StoreUnavailable {
    return audit.end((_, _) -> stored).stream().map(BadPlace::reason).toList();
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

  /** A state that owes nothing of the blocks up to height 5. */
  private static LedgerState owingNothing() {
    LedgerState state = TRUE_STATE;
    for (long height = 1; height < 7; height++) {
      state = Ledger.foldFence(state, height);
    }
    return Ledger.fold(state, body(5, null), 7);
  }

  @Test
  void theNewestOpeningOfTheChainSaysWhatIsClosed() throws StoreUnavailable {
    block(5, "1", TRUE_STATE, null);
    block(7, "2", owingNothing(), null);
    assertThat(audit.closed()).isEmpty();
    block(8, opening(7, hash(7), FENCE));
    ClosedPart closed = audit.closed().orElseThrow();
    assertThat(closed)
        .isEqualTo(
            new ClosedPart(new ChainIdentity(BANK, 0), 5, 7, 2, new ChainPlace(0, 8, 0), hash(8)));
    assertThat(closed.earlierPeriods()).containsExactly("1");
    assertThat(closed.endId()).isEqualTo(new ChainPlace(0, 6, 0).rowId());
    // It has to be readable without the key of period 1.
    var _ =
        audit.end((ref, period) -> {
          assertThat(ref.height()).isEqualTo(7);
          assertThat(period).isEqualTo(2);
          return Optional.of(TRUE_STATE);
        });
  }

  @Test
  void anOpeningOfAPeriodThatIsNoNumberClosesNothing() throws StoreUnavailable {
    for (String name : List.of("x", "-1", "02", "2a", "0", "99999999999999999999")) {
      OpeningsAudit each = new OpeningsAudit(new ChainIdentity(BANK, 0));
      feed(each, chained(7, name), owingNothing(), null);
      feed(
          each,
          chained(8, name),
          owingNothing(),
          new BlockBody.SnapshotRef(
              7, List.of("chunk"), new BlockBody.Opening(name, hash(7), FENCE)));
      assertThat(each.closed()).as(name).isEmpty();
      assertThat(each.end((_, _) -> Optional.empty())).as(name).isEmpty();
    }
  }

  @Test
  void anOpeningThatNoServerWouldStartFromClosesNothing() {
    block(7, "2", owingNothing(), null);
    block(8, "3", owingNothing(), opening(7, hash(7), FENCE));
    assertThat(audit.closed()).isEmpty();
  }

  @Test
  void aLaterBlockUnderAnEarlierKeyKeepsItOpen() {
    block(7, "2", owingNothing(), null);
    block(8, opening(7, hash(7), FENCE));
    assertThat(audit.closed()).isPresent();
    audit.feedFence(chained(9, "1"));
    assertThat(audit.closed()).isEmpty();
  }
}
