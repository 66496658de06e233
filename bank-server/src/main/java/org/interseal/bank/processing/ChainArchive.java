package org.interseal.bank.processing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.store.StoreUnavailable;

/**
 * Finds the way to blocks that lie before what this server has folded: reads the chain on from the nearest place that
 * it knows, at worst from the beginning, and remembers places for the next time. Thread-safe.
 */
final class ChainArchive {
  private static final int PAGE = 64;
  private static final int MAX_RECENT = 8_192;

  private final ChainReader reader;
  private final TreeMap<Long, ChainTip> places = new TreeMap<>();
  private final Map<Long, ChainTip> recent =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ChainTip> eldest) {
          return size() > MAX_RECENT;
        }
      };

  ChainArchive(ChainReader reader, ChainTip start) {
    this.reader = reader;
    places.put(start.height(), start);
  }

  /** The tip at this height; empty when the chain is not that long. */
  synchronized Optional<ChainTip> tipAt(long height) throws StoreUnavailable, ChainRefused {
    ChainTip known = recent.get(height);
    if (known != null) {
      return Optional.of(known);
    }
    ChainTip tip = places.floorEntry(height).getValue();
    while (tip.height() < height) {
      List<ChainedBlock> blocks = reader.readOn(tip, (int) Math.min(PAGE, height - tip.height()));
      if (blocks.isEmpty()) {
        return Optional.empty();
      }
      for (ChainedBlock block : blocks) {
        tip = block.tip();
        recent.put(tip.height(), tip);
      }
      if (tip.height() % PAGE == 0) {
        places.put(tip.height(), tip);
      }
    }
    return Optional.of(tip);
  }
}
