package org.interseal.bank.processing;

import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.jspecify.annotations.Nullable;

/**
 * Takes snapshots in the background and says which one the next block is to name. For the ledger
 * thread.
 */
interface SnapshotTaker {
  /** The snapshot that is stored and not named yet. */
  BlockBody.@Nullable SnapshotRef toName();

  /** A block of ours stands. */
  void appended(BlockBody body, ChainedBlock block);

  /**
   * Takes one, when it is time and none is being taken.
   *
   * @param state after {@code block}, the newest one
   */
  void consider(LedgerState state, ChainedBlock block);

  /**
   * Whether a period's opening waits for a block, so that one without any input is worth making.
   *
   * @param outboxDoneHeight up to this height everything owed was sent
   */
  boolean wantsBlock(LedgerState state, long outboxDoneHeight);

  /** Takes none. */
  SnapshotTaker NONE =
      new SnapshotTaker() {
        @Override
        public BlockBody.@Nullable SnapshotRef toName() {
          return null;
        }

        @Override
        public void appended(BlockBody body, ChainedBlock block) {}

        @Override
        public void consider(LedgerState state, ChainedBlock block) {}

        @Override
        public boolean wantsBlock(LedgerState state, long outboxDoneHeight) {
          return false;
        }
      };
}
