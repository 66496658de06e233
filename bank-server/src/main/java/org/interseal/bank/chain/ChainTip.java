package org.interseal.bank.chain;

import java.util.Objects;
import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Where a chain stands, as far as its reader has followed it.
 *
 * @param height 0 before the first block
 * @param hash 32 zero bytes before the first block
 * @param fence 0 before the first block
 * @param period the last block's, 0 before the first block; it follows from the hash
 * @param content what the blocks up to here add up to; it follows from them, so tips are equal
 *     without it
 */
public record ChainTip(
    int partition, long height, Bytes hash, long fence, int period, ChainContent content) {
  /** The hash that the first block follows. */
  static final Bytes NO_HASH = Bytes.of(new byte[32]);

  /**
   * @param empty the content of no block
   */
  public static ChainTip start(int partition, ChainContent empty) {
    return new ChainTip(partition, 0, NO_HASH, 0, 0, empty);
  }

  /** The place of the next block's given attempt. */
  public ChainPlace next(int attempt) {
    return new ChainPlace(partition, height + 1, attempt);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ChainTip other
        && partition == other.partition
        && height == other.height
        && fence == other.fence
        && hash.equals(other.hash);
  }

  @Override
  public int hashCode() {
    return Objects.hash(partition, height, hash, fence);
  }

  /** Without the content, which is the customers' business. */
  @Override
  public String toString() {
    return "ChainTip[" + partition + ", " + height + ", " + hash + ", fence " + fence + "]";
  }
}
