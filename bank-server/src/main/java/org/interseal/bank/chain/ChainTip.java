package org.interseal.bank.chain;

import org.interseal.crypto.Bytes;

/**
 * Where a chain stands, as far as its reader has followed it.
 *
 * @param height 0 before the first block
 * @param hash 32 zero bytes before the first block
 */
public record ChainTip(int partition, long height, Bytes hash, long fence) {
  public static ChainTip start(int partition) {
    return new ChainTip(partition, 0, Bytes.of(new byte[32]), 0);
  }
}
