package org.interseal.launcher.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.crypto.Bytes;
import org.interseal.store.StoreUnavailable;

/**
 * Holds what blocks name as the opening state of a period against the state that the chain leads
 * to: a block's validity does not depend on it, but servers with an empty disk start from it. What
 * is closed follows from that, and from nothing else.
 */
final class OpeningsAudit {
  /** States kept, newest: an opening is named within seconds after its state. */
  private static final int MAX_STATES = 4_096;

  /** Reads openings. */
  @FunctionalInterface
  interface Loader {
    /**
     * The state that a snapshot has; empty when it is not what is named, or cannot be read without
     * the keys of periods before the given one.
     */
    Optional<LedgerState> load(BlockBody.SnapshotRef ref, int period) throws StoreUnavailable;
  }

  private record Reached(Bytes hash, long fence, String period, LedgerState state) {}

  private record Named(ChainedBlock by, BlockBody.SnapshotRef ref, int period, Reached reached) {}

  private final Map<Long, Reached> states =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Reached> eldest) {
          return size() > MAX_STATES;
        }
      };

  /** The highest block under each period's key. */
  private final TreeMap<Integer, Long> lastHeights = new TreeMap<>();

  private final List<BadPlace> bad = new ArrayList<>();
  private final ChainIdentity chain;
  private Optional<Named> newest = Optional.empty();

  OpeningsAudit(ChainIdentity chain) {
    this.chain = chain;
  }

  /** The next block with content, and the state after it. */
  void feed(ChainedBlock block, BlockBody body, LedgerState state) {
    BlockBody.SnapshotRef ref = body.snapshot();
    if (ref != null && ref.opening() != null) {
      named(block, ref, ref.opening());
    }
    noteKey(block);
    if (!block.period().equals(PeriodKeys.FIRST)) {
      states.put(
          block.place().height(), new Reached(block.hash(), block.fence(), block.period(), state));
    }
  }

  /** The next block, one without content. */
  void feedFence(ChainedBlock block) {
    noteKey(block);
  }

  private void noteKey(ChainedBlock block) {
    lastHeights.put(PeriodKeys.number(block.period()), block.place().height());
  }

  private void named(ChainedBlock by, BlockBody.SnapshotRef ref, BlockBody.Opening opening) {
    Reached reached = states.get(ref.height());
    if (reached == null
        || !reached.hash().equals(opening.hash())
        || reached.fence() != opening.fence()) {
      bad.add(place(by.place().height(), "OPENING_FALSE", "of block " + ref.height()));
      return;
    }
    int period = PeriodKeys.number(opening.period());
    // Otherwise servers do not start from it either.
    if (period > 0
        && by.period().equals(opening.period())
        && reached.period().equals(opening.period())) {
      newest = Optional.of(new Named(by, ref, period, reached));
    }
  }

  /** The last block was fed. Only the newest opening is needed, and must be there. */
  List<BadPlace> end(Loader loader) throws StoreUnavailable {
    List<BadPlace> all = new ArrayList<>(bad);
    if (newest.isPresent()) {
      Named last = newest.get();
      Optional<LedgerState> stored = loader.load(last.ref(), last.period());
      long height = last.by().place().height();
      if (stored.isEmpty()) {
        all.add(place(height, "OPENING_MISSING", "state of block " + last.ref().height()));
      } else if (!stored.get().equals(last.reached().state())) {
        all.add(place(height, "OPENING_FALSE", "state of block " + last.ref().height()));
      }
    }
    return all;
  }

  /**
   * What the newest opening closes, provided that {@link #end} finds nothing bad: blocks that owe
   * nothing any more, after which none is under an earlier period's key.
   */
  Optional<ClosedPart> closed() {
    return newest
        .map(last ->
            new ClosedPart(
                chain,
                last.reached().state().outboxDoneHeight(),
                last.ref().height(),
                last.period(),
                last.by().place(),
                last.by().hash()))
        .filter(part -> part.lastHeight() > 0)
        .filter(part ->
            lastHeights.headMap(part.period()).values().stream()
                .allMatch(height -> height <= part.lastHeight()));
  }

  private BadPlace place(long height, String reason, String detail) {
    return BadPlace.inChain(chain, height, reason, detail);
  }
}
