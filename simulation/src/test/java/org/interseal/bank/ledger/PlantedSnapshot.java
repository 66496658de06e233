package org.interseal.bank.ledger;

import java.util.Iterator;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
import org.pcollections.TreePMap;

/** A snapshot that says nothing about message numbers, or that cannot be made. */
public final class PlantedSnapshot {
  private PlantedSnapshot() {}

  public static Iterator<Bytes> chunks(LedgerState state) {
    throw new IllegalStateException("planted");
  }

  public static LedgerState finish(SnapshotCodec.Decoder decoder) throws MalformedMessage {
    Parts whole = decoder.finish().parts();
    return new LedgerState(
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
            whole.siblings()));
  }
}
