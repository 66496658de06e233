package org.interseal.launcher.period;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.RememberedHeads;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.launcher.verify.ClosedPart;
import org.interseal.launcher.verify.ClosedParts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told when no key can be retired, and when nothing can be dropped. */
class PeriodStateTest {
  private static final BankId BANK = new BankId("BKAAXX00");
  private static final Bytes HASH = Bytes.sha256(Bytes.utf8("block"));

  @TempDir Path memory = Path.of("");

  private static ClosedPart closedPart(int partition) {
    return new ClosedPart(
        new ChainIdentity(BANK, partition), 5, 7, 2, new ChainPlace(partition, 9, 0), HASH);
  }

  private static PeriodState state(int partition, Optional<ClosedPart> closed, boolean archived) {
    return new PeriodState(
        new ClosedParts.OfChain(new ChainIdentity(BANK, partition), closed, Optional.empty()),
        new ArchivedRows.Kept(OptionalLong.empty(), archived),
        false);
  }

  @Test
  void whatIsClosedInOnePartitionAloneIsSaid() throws IOException {
    PeriodState open = state(1, Optional.empty(), false);
    assertThat(PeriodState.lastRetirable(List.of(state(0, Optional.of(closedPart(0)), true), open)))
        .isEqualTo(
            new PeriodState.Retirable(
                0, "no period is closed in all ledger partitions: none is in BKAAXX00.p01"));
    assertThat(PeriodState.lastRetirable(List.of(open))).isEqualTo(PeriodState.Retirable.NONE);
  }

  @Test
  void nobodyIsToldToDropWhatIsNeverDropped() throws IOException {
    PeriodState first = state(0, Optional.of(closedPart(0)), true);
    assertThatThrownBy(() ->
            PeriodState.lastRetirable(List.of(first, state(1, Optional.of(closedPart(1)), true))))
        .hasMessageContaining("of a bank of several ledger partitions nothing is dropped");
    assertThatThrownBy(() -> PeriodState.lastRetirable(List.of(first)))
        .hasMessageEndingWith("BKAAXX00.p00: drop it");
    assertThat(
            PeriodState.lastRetirable(List.of(state(0, Optional.of(closedPart(0)), false))).last())
        .isOne();
  }

  @Test
  void aServerHasToHaveSeenTheBlockThatNamesTheOpening() throws IOException {
    saw(8);
    assertThatThrownBy(() -> PeriodDrop.requireSeen(closedPart(0), memory))
        .hasMessageContaining("has not followed the chain to block 9");
    saw(9);
    assertThatCode(() -> PeriodDrop.requireSeen(closedPart(0), memory)).doesNotThrowAnyException();
  }

  private void saw(long height) throws IOException {
    try (RememberedHeads heads = RememberedHeads.open(memory, new ChainIdentity(BANK, 0))) {
      heads.saw(new ChainMemory.Head(height, HASH));
    }
  }
}
