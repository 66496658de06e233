package org.interseal.bank.processing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainTip;
import org.interseal.crypto.Bytes;
import org.interseal.store.StoreUnavailable;

/**
 * Finds the hashes of blocks that lie before what this server has followed: each block names the
 * one before it, so the way leads back from the nearest later block that is known, and places on it
 * are remembered for the next time. Thread-safe.
 */
final class ChainArchive {
  private static final int PLACE_BLOCKS = 64;
  private static final int MAX_RECENT = 8_192;

  private final ChainReader reader;

  /** Held while the store is read; guards what follows. */
  private final ReentrantLock looking = new ReentrantLock();

  private final TreeMap<Long, Bytes> places = new TreeMap<>();
  private final Map<Long, Bytes> recent =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Bytes> eldest) {
          return size() > MAX_RECENT;
        }
      };

  /**
   * @param start where following began
   */
  ChainArchive(ChainReader reader, ChainTip start) {
    this.reader = reader;
    places.put(start.height(), start.hash());
  }

  /**
   * The hash of the block at a height; empty above where following began, or where the store has
   * lost a block.
   */
  Optional<Bytes> hashAt(long height) throws StoreUnavailable {
    looking.lock();
    try {
      return find(height);
    } finally {
      looking.unlock();
    }
  }

  /**
   * Goes a part of the way to a block, for who must not wait for the whole of it, or for another
   * who looks.
   *
   * @return whether the rest is no more than the way between two places
   */
  boolean approach(long height, int maxReads) throws StoreUnavailable {
    if (!looking.tryLock()) {
      return false;
    }
    try {
      Map.Entry<Long, Bytes> later = places.ceilingEntry(height);
      if (later == null || recent.containsKey(height)) {
        return true;
      }
      long stop = Math.max(height, later.getKey() - Math.max(PLACE_BLOCKS, maxReads));
      return walk(later, stop).isEmpty() || stop - height < PLACE_BLOCKS;
    } finally {
      looking.unlock();
    }
  }

  private Optional<Bytes> find(long height) throws StoreUnavailable {
    Bytes known = recent.get(height);
    if (known != null) {
      return Optional.of(known);
    }
    Map.Entry<Long, Bytes> later = places.ceilingEntry(height);
    return later == null ? Optional.empty() : walk(later, height);
  }

  private Optional<Bytes> walk(Map.Entry<Long, Bytes> from, long height) throws StoreUnavailable {
    long at = from.getKey();
    Bytes hash = from.getValue();
    while (at > height) {
      Optional<Bytes> previous = reader.previousHash(at, hash);
      if (previous.isEmpty()) {
        return Optional.empty();
      }
      hash = previous.get();
      at--;
      recent.put(at, hash);
      if (at % PLACE_BLOCKS == 0) {
        places.put(at, hash);
      }
    }
    return Optional.of(hash);
  }
}
