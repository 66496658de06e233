package org.interseal.bank.chain;

import java.time.Duration;

/**
 * How long a writer insists before it reports that the store is down.
 *
 * @param maxTries most inserts and re-reads for one block
 * @param firstDelay before the first repetition; doubles from there
 * @param longestDelay where doubling stops
 * @param answerLimit an insert without an answer for so long counts as unknown
 */
public record RetryTerms(
    int maxTries, Duration firstDelay, Duration longestDelay, Duration answerLimit) {
  /** About ten seconds of delays. */
  public static final RetryTerms DEFAULT =
      new RetryTerms(12, Duration.ofMillis(20), Duration.ofSeconds(2), Duration.ofSeconds(10));

  public RetryTerms {
    if (maxTries < 1
        || firstDelay.isNegative()
        || longestDelay.isNegative()
        || !answerLimit.isPositive()) {
      throw new IllegalArgumentException("retry terms");
    }
  }

  /** The delay before repetition {@code repetition}, from 1. */
  long delayMillis(int repetition) {
    long doubled = firstDelay.toMillis() << Math.min(repetition - 1, 20);
    return Math.min(doubled, longestDelay.toMillis());
  }
}
