package org.interseal.rethinkdb;

import java.nio.ByteBuffer;
import org.interseal.rethinkdb.QueryRefused.Reason;

/**
 * The server keeps every number as a double, and silently rounds whole numbers past 2^53. A query
 * that holds one is refused instead of being sent.
 */
final class ExactNumbers {
  private static final long MAX = 1L << 53;

  /** Whole numbers of fewer digits are below the bound. */
  private static final int CERTAIN_DIGITS = 15;

  private static final int MAX_SHOWN = 40;

  private ExactNumbers() {}

  /**
   * Looks at every number outside of texts.
   *
   * @param query JSON in UTF-8, well-formed
   * @param start where it begins
   */
  static void require(ByteBuffer query, int start) {
    int end = query.capacity();
    boolean inText = false;
    for (int i = start; i < end; i++) {
      byte b = query.get(i);
      if (inText && b == '\\') {
        i++;
      } else if (b == '"') {
        inText = !inText;
      } else if (!inText && (isDigit(b) || b == '-')) {
        int from = i;
        while (i < end && isNumber(query.get(i))) {
          i++;
        }
        requireExact(query, from, i);
        i--;
      }
    }
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isNumber(byte b) {
    return isDigit(b) || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
  }

  private static void requireExact(ByteBuffer query, int from, int until) {
    if (until - from <= CERTAIN_DIGITS) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (int i = from; i < until; i++) {
      char c = (char) query.get(i);
      if (c == '.' || c == 'e' || c == 'E') {
        return; // It was a double before it got here.
      }
      text.append(c);
    }
    if (!isExact(text.toString())) {
      throw new QueryRefused(
          Reason.MALFORMED,
          "the number "
              + text.substring(0, Math.min(MAX_SHOWN, text.length()))
              + " is past 2^53, where RethinkDB rounds; send it as text");
    }
  }

  private static boolean isExact(String whole) {
    try {
      long number = Long.parseLong(whole);
      return number <= MAX && number >= -MAX;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
