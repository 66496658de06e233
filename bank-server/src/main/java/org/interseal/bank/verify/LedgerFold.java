package org.interseal.bank.verify;

import org.interseal.bank.chain.ChainedBlock;

/** Sums one chain up from its start. Used by one thread. */
public interface LedgerFold {
  /** Takes the next block with content; that it fits is part of its being one. */
  void feed(ChainedBlock block);

  /** Takes the next block, one without content: a take-over. */
  default void feedFence(ChainedBlock block) {}

  /** Called once, after the last block. */
  FoldedLedger end();
}
