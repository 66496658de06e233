package org.interseal.bank.processing;

import java.util.ArrayDeque;
import java.util.Optional;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.crypto.Bytes;

/**
 * The states after the last blocks that were followed, to hold against what another server calls a
 * snapshot of them. They share all that did not change between them. For the ledger thread.
 */
final class RecentStates {
  /** Most states that are kept. */
  private static final int MAX_STATES = 256;

  /**
   * Most inputs by which the newest and the oldest state may differ. Each costs some 3 KiB, mostly
   * pages of references; a snapshot is named a few seconds after its block, in which no server
   * takes half as many.
   */
  private static final int MAX_INPUTS = 10_000;

  /** The state after a block. */
  record Folded(long height, Bytes hash, long fence, int period, LedgerState state) {}

  private record Kept(Folded folded, int inputs) {}

  private final ArrayDeque<Kept> kept = new ArrayDeque<>();
  private long inputs;

  /** The block after which that tip stands was followed. */
  void add(ChainTip tip) {
    LedgerContent content = PublishedLedger.content(tip);
    int consumed = content.lastBody().map(BlockBody::consumed).map(c -> c.size()).orElse(0);
    kept.addLast(
        new Kept(
            new Folded(tip.height(), tip.hash(), tip.fence(), tip.period(), content.state()),
            consumed));
    inputs += consumed;
    while (kept.size() > MAX_STATES || (kept.size() > 1 && inputs > MAX_INPUTS)) {
      inputs -= kept.removeFirst().inputs();
    }
  }

  /** The state after the block at a height; empty when it is not kept any more. */
  Optional<Folded> at(long height) {
    return kept.stream().map(Kept::folded).filter(f -> f.height() == height).findFirst();
  }

  /** This server writes: what it names it has taken itself. */
  void clear() {
    kept.clear();
    inputs = 0;
  }
}
