package org.interseal.bank.chain;

import java.util.Locale;

/**
 * The key of a block.
 *
 * @param height from 1
 * @param attempt from 0; a void row at a lower attempt pushes the block to the next
 */
public record ChainPlace(int partition, long height, int attempt) {
  /** Most void rows at one height before the writer stops and raises an alarm. */
  public static final int MAX_ATTEMPTS = 100;

  /** {@code p00.000000000001.00}. */
  public String rowId() {
    return String.format(Locale.ROOT, "p%02d.%012d.%02d", partition, height, attempt);
  }

  public static String stream(int partition) {
    return String.format(Locale.ROOT, "p%02d", partition);
  }
}
