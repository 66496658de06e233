package org.interseal.bank.chain;

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
  /** So many void rows at one height raise an alarm: somebody squats rows. */
  public static final int ALARM_ATTEMPTS = 100;

  /**
   * Most void rows at one height before servers stop. Who still inserts into the bank's database
   * could fill any number; what it left once its access is taken away must not stop the chain.
   */
  public static final int MAX_ATTEMPTS = 1_000_000;

  /**
   * From here on an attempt is written with a letter, which sorts behind digits, and six digits.
   */
  private static final int FIRST_LONG_ATTEMPT = 100;

  private static final int LONG_DIGITS = 6;

  /** Twelve digits in every block key: thirty years of a thousand blocks a second. */
  public static final long MAX_HEIGHT = 999_999_999_999L;

  private static final Pattern ROW_ID =
      Pattern.compile("p([0-9]{2})\\.([0-9]{12})\\.(?:([0-9]{2})|a([0-9]{6}))");

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

  /** {@code p00.000000000001.00}; {@code p00.000000000001.a000100} from attempt 100 on. */
  public String rowId() {
    String last =
        attempt < FIRST_LONG_ATTEMPT ? digits(attempt, 2) : "a" + digits(attempt, LONG_DIGITS);
    return stream(partition) + "." + digits(height, 12) + "." + last;
  }

  public static String stream(int partition) {
    return "p" + digits(partition, 2);
  }

  private static String digits(long number, int width) {
    String digits = Long.toString(number);
    return "0".repeat(width - digits.length()) + digits;
  }

  /**
   * The place that a row id names; empty when it is not exactly what {@link #rowId()} would write.
   */
  public static Optional<ChainPlace> parse(String rowId) {
    Matcher id = ROW_ID.matcher(rowId);
    if (!id.matches() || Long.parseLong(id.group(2)) == 0) {
      return Optional.empty();
    }
    boolean isLong = id.group(3) == null;
    int attempt = Integer.parseInt(isLong ? id.group(4) : id.group(3));
    if (isLong && attempt < FIRST_LONG_ATTEMPT) {
      return Optional.empty();
    }
    return Optional.of(
        new ChainPlace(Integer.parseInt(id.group(1)), Long.parseLong(id.group(2)), attempt));
  }
}
