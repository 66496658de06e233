package org.interseal.bank.processing;

import java.util.Optional;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.Peer;
import org.interseal.store.StoreUnavailable;

/**
 * A ledger of this process, as the bank's other partitions read it.
 *
 * @param periods say whether early blocks were closed, and may be gone
 */
record PublishedSibling(PublishedLedger ledger, PeriodKeys periods) implements SiblingChain {
  @Override
  public int partition() {
    return ledger.tip().partition();
  }

  @Override
  public long height() {
    return ledger.tip().height();
  }

  @Override
  public boolean isCurrent() {
    return ledger.isCurrent();
  }

  @Override
  public Said said(int reader) {
    ChainTip newest = ledger.tip();
    LedgerState state = PublishedLedger.content(newest).state();
    Peer peer = new Peer(state.bank(), reader);
    return new Said(newest.height(), state.nextNumber(peer), state.floor(peer));
  }

  @Override
  public boolean approach(long height, int maxReads) throws StoreUnavailable {
    return ledger.approach(height, maxReads);
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
    Optional<ChainedBlock> block = ledger.chainedBlock(height);
    if (block.isEmpty() && !isClosed(height)) {
      // What is not to be found must not pass for a block that holds nothing.
      throw new StoreUnavailable(
          "block " + height + " of partition " + partition() + " is not to be found");
    }
    return block.filter(found -> !found.isFence()).map(PublishedLedger::body);
  }

  private boolean isClosed(long height) {
    return periods.beginsWithOpening() && height <= ledger.state().outboxDoneHeight();
  }

  @Override
  public void onAdvance(Runnable listener) {
    ledger.onPublish(listener);
  }
}
