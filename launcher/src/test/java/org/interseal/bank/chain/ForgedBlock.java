package org.interseal.bank.chain;

import java.security.SecureRandom;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SigningKey;
import org.interseal.store.NewRow;

/** A row that a server of the bank can sign, though it is no block. */
public record ForgedBlock(ChainPlace place, NewRow row) {
  /** The row at that attempt after a tip. */
  public static ForgedBlock after(
      ChainTip tip,
      int attempt,
      ChainIdentity chain,
      String node,
      SigningKey key,
      PeriodKeys periods,
      Bytes body)
      throws Exception {
    String text =
        new BlockSealer(chain, node, key, periods, new SecureRandom())
            .seal(tip, attempt, tip.fence(), body)
            .text();
    ChainPlace place = tip.next(attempt);
    return new ForgedBlock(
        place, new NewRow(ChainPlace.stream(chain.partition()), place.rowId(), text));
  }
}
