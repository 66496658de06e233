package org.interseal.bank.processing;

import java.util.List;
import java.util.Optional;
import org.interseal.crypto.Bytes;

/**
 * The snapshot that this server took last, remembered on its own disk beside the chain's head.
 * Thread-safe.
 */
public interface SnapshotMemory {
  /**
   * A snapshot and the place in the chain after which it was taken.
   *
   * @param v format version, 2
   * @param period of the block at that place
   * @param chunkIds each the hash of its row, so that the store cannot show other content
   */
  record Taken(int v, long height, Bytes hash, long fence, int period, List<String> chunkIds) {
    public static final int VERSION = 2;

    public Taken {
      if (v != VERSION) {
        throw new IllegalArgumentException("snapshot memory of format version " + v);
      }
      chunkIds = List.copyOf(chunkIds);
    }
  }

  Optional<Taken> latest();

  /** Durable when it returns. */
  void remember(Taken taken);

  /** Remembers nothing: every start folds the whole chain. */
  static SnapshotMemory none() {
    return new SnapshotMemory() {
      @Override
      public Optional<Taken> latest() {
        return Optional.empty();
      }

      @Override
      public void remember(Taken taken) {}
    };
  }
}
