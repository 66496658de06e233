package org.interseal.bank.chain;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of a block.
 *
 * @param height from 1
 * @param attempt from 0; a void row at a lower attempt pushes the block to the next
 */
public record ChainPlace(int partition, long height, int attempt) {
  /** Most void rows at one height before the writer stops and raises an alarm. */
  public static final int MAX_ATTEMPTS = 100;

  /** Twelve digits in every block key: thirty years of a thousand blocks a second. */
  public static final long MAX_HEIGHT = 999_999_999_999L;

  private static final Pattern ROW_ID = Pattern.compile("p([0-9]{2})\\.([0-9]{12})\\.([0-9]{2})");

  public ChainPlace {
    if (partition < 0
        || partition >= ChainIdentity.MAX_PARTITIONS
        || height < 1
        || height > MAX_HEIGHT
        || attempt < 0
        || attempt >= MAX_ATTEMPTS) {
      throw new IllegalArgumentException("no place: " + partition + ", " + height + ", " + attempt);
    }
  }

  /** {@code p00.000000000001.00}. */
  public String rowId() {
    return String.format(Locale.ROOT, "p%02d.%012d.%02d", partition, height, attempt);
  }

  public static String stream(int partition) {
    return String.format(Locale.ROOT, "p%02d", partition);
  }

  /**
   * The place that a row id names; empty when it is not exactly what {@link #rowId()} would write.
   */
  public static Optional<ChainPlace> parse(String rowId) {
    Matcher id = ROW_ID.matcher(rowId);
    if (!id.matches() || Long.parseLong(id.group(2)) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new ChainPlace(
            Integer.parseInt(id.group(1)),
            Long.parseLong(id.group(2)),
            Integer.parseInt(id.group(3))));
  }
}
