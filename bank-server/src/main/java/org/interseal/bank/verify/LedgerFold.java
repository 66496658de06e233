package org.interseal.bank.verify;

import java.util.Optional;
import org.interseal.bank.chain.ChainedBlock;

/** Folds one chain's bodies from the start. Used by one thread. */
public interface LedgerFold {
  /** Takes the next block with content; what is wrong with it in this state, in words without personal data. */
  Optional<String> feed(ChainedBlock block);

  /** Called once, after the last block. */
  FoldedLedger end();
}
