package org.interseal.bank.chain;

import java.security.SecureRandom;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SigningKey;
import org.interseal.store.NewRow;

/** Rows that a server of the bank could have signed, whether or not they are blocks. */
public final class PlantedBlocks {
  private PlantedBlocks() {}

  /** The row at that attempt after the tip, under the tip's fence. */
  public static NewRow row(
      ChainIdentity chain,
      String node,
      SigningKey key,
      PeriodKeys periods,
      ChainTip tip,
      int attempt,
      Bytes body)
      throws Exception {
    String text =
        new BlockSealer(chain, node, key, periods, new SecureRandom())
            .seal(tip, attempt, tip.fence(), body)
            .text();
    return new SealedBlock(tip, tip.fence(), attempt, body, text).row();
  }
}
