package org.interseal.bank.processing;

import org.interseal.bank.chain.ChainTip;
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
  void appended(BlockBody body, ChainTip tip);

  /** Takes one, when it is time and none is being taken. */
  void consider(LedgerState state, ChainTip tip);

  /** Takes none. */
  SnapshotTaker NONE =
      new SnapshotTaker() {
        @Override
        public BlockBody.@Nullable SnapshotRef toName() {
          return null;
        }

        @Override
        public void appended(BlockBody body, ChainTip tip) {}

        @Override
        public void consider(LedgerState state, ChainTip tip) {}
      };
}
