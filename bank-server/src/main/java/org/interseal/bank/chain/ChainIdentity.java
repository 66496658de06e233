package org.interseal.bank.chain;

import org.interseal.identity.BankId;

/** Which chain: one per ledger partition of a bank. */
public record ChainIdentity(BankId bank, int partition) {
  /** Two digits in every block key. */
  public static final int MAX_PARTITIONS = 100;

  public ChainIdentity {
    if (partition < 0 || partition >= MAX_PARTITIONS) {
      throw new IllegalArgumentException("partition " + partition);
    }
  }

  /**
   * The tip before the first block.
   *
   * @param empty the content of no block
   */
  public ChainTip start(ChainContent empty) {
    return ChainTip.start(partition, empty);
  }

  /** {@code BKABXX00.p00}. */
  @Override
  public String toString() {
    return bank + "." + ChainPlace.stream(partition);
  }
}
