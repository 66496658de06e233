package org.interseal.bank.processing;

import java.util.Optional;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.store.StoreUnavailable;

/** A ledger of this process, as the bank's other partitions read it. */
record PublishedSibling(PublishedLedger ledger) implements SiblingChain {
  @Override
  public int partition() {
    return ledger.tip().partition();
  }

  @Override
  public long height() {
    return ledger.tip().height();
  }

  @Override
  public Optional<BlockBody> block(long height) throws StoreUnavailable {
    ChainTip newest = ledger.tip();
    if (newest.height() == height) {
      Optional<BlockBody> last = PublishedLedger.content(newest).lastBody();
      if (last.isPresent()) {
        return last;
      }
    }
    // A block that is not to be found must never pass for one that holds nothing.
    ChainedBlock block =
        ledger
            .chainedBlock(height)
            .orElseThrow(() ->
                new StoreUnavailable(
                    "block " + height + " of partition " + partition() + " is not to be found"));
    return block.isFence() ? Optional.empty() : Optional.of(PublishedLedger.body(block));
  }

  @Override
  public void onAdvance(Runnable listener) {
    ledger.onPublish(listener);
  }
}
