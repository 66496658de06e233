package org.interseal.bank.chain;

import org.interseal.crypto.Bytes;

/**
 * Where a chain stands, as far as its reader has followed it.
 *
 * @param height 0 before the first block
 * @param hash 32 zero bytes before the first block
 * @param fence 0 before the first block
 */
public record ChainTip(int partition, long height, Bytes hash, long fence) {
  public static ChainTip start(int partition) {
    return new ChainTip(partition, 0, Bytes.of(new byte[32]), 0);
  }

  /** The place of the next block's given attempt. */
  public ChainPlace next(int attempt) {
    return new ChainPlace(partition, height + 1, attempt);
  }
}
