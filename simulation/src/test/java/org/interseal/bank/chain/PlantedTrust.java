package org.interseal.bank.chain;

import org.interseal.crypto.KeyId;

/** Takes blocks of servers that were evicted. */
public final class PlantedTrust {
  private PlantedTrust() {}

  public static boolean isEvicted(ChainContent content, KeyId key) {
    return false;
  }
}
