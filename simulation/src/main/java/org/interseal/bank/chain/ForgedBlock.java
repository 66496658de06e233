package org.interseal.bank.chain;

import java.security.SecureRandom;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SigningKey;
import org.interseal.store.NewRow;
import org.interseal.store.StoreUnavailable;

/** A block that somebody makes who may not; for the simulation. */
public final class ForgedBlock {
  private ForgedBlock() {}

  /** The row of a block after {@code tip}, in all but its author as it has to be. */
  public static NewRow row(
      ChainIdentity chain,
      String node,
      SigningKey key,
      PeriodKeys periods,
      SecureRandom random,
      ChainTip tip,
      int attempt,
      long fence,
      Bytes body) {
    try {
      BlockDocument document =
          new BlockSealer(chain, node, key, periods, random).seal(tip, attempt, fence, body);
      return new SealedBlock(tip, fence, attempt, body, document.text()).row();
    } catch (ChainRefused | StoreUnavailable e) {
      throw new IllegalStateException(e);
    }
  }
}
