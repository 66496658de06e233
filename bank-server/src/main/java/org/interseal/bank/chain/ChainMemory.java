package org.interseal.bank.chain;

import java.util.Optional;
import org.interseal.crypto.Bytes;

/**
 * What this server has seen of one chain, on its own disk, so that a store cannot take it back.
 * Thread-safe.
 */
public interface ChainMemory {
  /** A block that was seen. */
  record Head(long height, Bytes hash) {
    public Head {
      if (height < 1 || hash.size() != BlockHeader.HASH_BYTES) {
        throw new IllegalArgumentException("no head");
      }
    }
  }

  /** The highest block seen; empty when none was. */
  Optional<Head> remembered();

  /**
   * Remembers a block, durably once this returns; a height at or below the remembered one changes
   * nothing.
   *
   * @throws java.io.UncheckedIOException when the disk refuses; the caller must not act on the
   *     block
   */
  void saw(Head head);

  /** For readers that only look: remembers nothing. */
  static ChainMemory none() {
    return new ChainMemory() {
      @Override
      public Optional<Head> remembered() {
        return Optional.empty();
      }

      @Override
      public void saw(Head head) {}
    };
  }
}
