package org.interseal.bank.chain;

import org.interseal.crypto.Bytes;
import org.interseal.store.NewRow;
import org.interseal.store.Row;

/** A block that is ready to be inserted: once tried, its bytes stay as they are. */
record SealedBlock(ChainTip tip, long fence, int attempt, Bytes body, String text) {
  boolean isFor(ChainTip otherTip, long otherFence, Bytes otherBody) {
    return tip.equals(otherTip) && fence == otherFence && body.equals(otherBody);
  }

  ChainPlace place() {
    return tip.next(attempt);
  }

  NewRow row() {
    return new NewRow(ChainPlace.stream(tip.partition()), place().rowId(), text);
  }

  /** As it would stand in the store. */
  Row asStored() {
    NewRow row = row();
    return new Row(row.stream(), row.id(), row.body(), 0);
  }
}
