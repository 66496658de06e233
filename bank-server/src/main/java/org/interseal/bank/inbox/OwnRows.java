package org.interseal.bank.inbox;

import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.Envelope;

/**
 * Which envelopes of the bank's stream are this ledger partition's business, by their outer header.
 * A header that is altered on the way is no use to anybody: the envelope opens under its own header
 * alone.
 *
 * <p>What names no partition of the bank, or has no readable header, is the lowest partition's: it
 * sets it aside and counts it, so that each envelope has exactly one partition that looks after it.
 */
public final class OwnRows implements Predicate<String> {
  private static final int LOWEST = 0;

  private final int partition;
  private final IntSupplier partitions;

  /**
   * @param partitions how many the bank has, as far as is known now
   */
  public OwnRows(int partition, IntSupplier partitions) {
    this.partition = partition;
    this.partitions = partitions;
  }

  @Override
  public boolean test(String envelope) {
    try {
      int named = Envelope.header(envelope).partition();
      return named == partition || (partition == LOWEST && named >= partitions.getAsInt());
    } catch (CryptoFailure e) {
      return partition == LOWEST;
    }
  }
}
