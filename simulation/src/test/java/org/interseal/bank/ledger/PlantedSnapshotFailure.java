package org.interseal.bank.ledger;

import java.util.Iterator;
import org.interseal.crypto.Bytes;

/** A snapshot that cannot be made. */
public final class PlantedSnapshotFailure {
  private PlantedSnapshotFailure() {}

  public static Iterator<Bytes> chunks(LedgerState state) {
    throw new IllegalStateException("planted");
  }
}
