package org.interseal.protocol.registry;

import org.interseal.store.Store;

/** Directories of many processes, whose rows are proven once; for the simulation. */
public final class ProvenDirectories {
  private ProvenDirectories() {}

  /** A directory of another process, over its own connection. */
  public static BankDirectory over(BankDirectory proven, Store shared) {
    return proven.over(shared);
  }
}
