package org.interseal.bank.ledger;

import java.math.BigInteger;

/**
 * Which of an author's message numbers were consumed: the highest, and the gaps in the window below
 * it. Small and independent of clocks; an author that counts without gaps costs one number.
 *
 * @param highest the highest number consumed, 0 for none
 * @param missing bit i is set when {@code highest - 1 - i} was not consumed, for {@link #WIDTH}
 *     numbers
 */
record MessageWindow(long highest, BigInteger missing) {
  /** Numbers this far below the highest can still be told apart. */
  static final int WIDTH = 1_024;

  static final MessageWindow EMPTY = new MessageWindow(0, BigInteger.ZERO);

  private static final BigInteger MASK = BigInteger.ONE.shiftLeft(WIDTH).subtract(BigInteger.ONE);

  enum Place {
    /** Not consumed yet. */
    FRESH,
    /** Consumed before. */
    SEEN,
    /** Too far behind to tell. */
    BELOW
  }

  Place placeOf(long number) {
    if (number > highest) {
      return Place.FRESH;
    }
    if (number == highest) {
      return Place.SEEN;
    }
    long distance = highest - 1 - number;
    if (distance >= WIDTH) {
      return Place.BELOW;
    }
    return missing.testBit((int) distance) ? Place.FRESH : Place.SEEN;
  }

  /** With {@code number} consumed, which must be fresh. */
  MessageWindow take(long number) {
    if (number < 1 || placeOf(number) != Place.FRESH) {
      throw new IllegalStateException("message number is not fresh");
    }
    if (number < highest) {
      return new MessageWindow(highest, missing.clearBit((int) (highest - 1 - number)));
    }
    long step = number - highest;
    if (step == 1 && (missing.signum() == 0 || highest == 0)) {
      return new MessageWindow(number, BigInteger.ZERO);
    }
    // Numbers start at 1, so nothing is missing below it.
    int gaps = (int) Math.min(step - 1, WIDTH);
    BigInteger gapBits = BigInteger.ONE.shiftLeft(gaps).subtract(BigInteger.ONE);
    BigInteger older = step > WIDTH ? BigInteger.ZERO : missing.shiftLeft((int) step);
    return new MessageWindow(number, older.or(gapBits).and(MASK));
  }
}
