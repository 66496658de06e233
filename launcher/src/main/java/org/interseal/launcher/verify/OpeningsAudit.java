package org.interseal.launcher.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.crypto.Bytes;
import org.interseal.store.StoreUnavailable;

/**
 * Holds what blocks name as the opening state of a period against the state that the chain leads
 * to: a block's validity does not depend on it, but servers with an empty disk start from it.
 */
final class OpeningsAudit {
  /** States kept, newest: an opening is named within seconds after its state. */
  private static final int MAX_STATES = 4_096;

  /** Reads the state that a snapshot has; empty when it is not what is named. */
  @FunctionalInterface
  interface Loader {
    Optional<LedgerState> load(BlockBody.SnapshotRef ref) throws StoreUnavailable;
  }

  private record Reached(Bytes hash, long fence, LedgerState state) {}

  private record Named(long height, BlockBody.SnapshotRef ref, Reached reached) {}

  private final Map<Long, Reached> states =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Reached> eldest) {
          return size() > MAX_STATES;
        }
      };
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
      named(block.place().height(), ref, ref.opening());
    }
    if (!block.period().equals(PeriodKeys.FIRST)) {
      states.put(block.place().height(), new Reached(block.hash(), block.fence(), state));
    }
  }

  private void named(long height, BlockBody.SnapshotRef ref, BlockBody.Opening opening) {
    Reached reached = states.get(ref.height());
    if (reached == null
        || !reached.hash().equals(opening.hash())
        || reached.fence() != opening.fence()) {
      bad.add(place(height, "OPENING_FALSE", "of block " + ref.height()));
    } else {
      newest = Optional.of(new Named(height, ref, reached));
    }
  }

  /** The last block was fed. Only the newest opening is needed, and must be there. */
  List<BadPlace> end(Loader loader) throws StoreUnavailable {
    if (newest.isPresent()) {
      Named last = newest.get();
      Optional<LedgerState> stored = loader.load(last.ref());
      if (stored.isEmpty()) {
        bad.add(place(last.height(), "OPENING_MISSING", "state of block " + last.ref().height()));
      } else if (!stored.get().equals(last.reached().state())) {
        bad.add(place(last.height(), "OPENING_FALSE", "state of block " + last.ref().height()));
      }
    }
    return bad;
  }

  private BadPlace place(long height, String reason, String detail) {
    return BadPlace.inChain(chain, height, reason, detail);
  }
}
