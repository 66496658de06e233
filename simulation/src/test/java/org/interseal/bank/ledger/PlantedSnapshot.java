package org.interseal.bank.ledger;

import java.util.Iterator;
import org.interseal.crypto.Bytes;
import org.pcollections.TreePMap;

/** A snapshot that says nothing about message numbers. */
public final class PlantedSnapshot {
  private PlantedSnapshot() {}

  public static Iterator<Bytes> chunks(LedgerState state) {
    Parts whole = state.parts();
    return SnapshotCodec.chunks(
        new LedgerState(
            new Parts(
                whole.bank(),
                whole.partition(),
                whole.progress(),
                whole.terms(),
                whole.registry(),
                whole.accounts(),
                whole.balances(),
                whole.devices(),
                TreePMap.empty(),
                whole.references(),
                whole.outgoing(),
                whole.incoming(),
                whole.heads(),
                whole.evidence(),
                whole.siblings())));
  }
}
