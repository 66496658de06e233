package org.interseal.simulation;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** What lies between a process and everything else: it delays, and may be cut. */
final class Link {
  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final SplittableRandom random;
  private final long maxDelayMillis;
  private long maxSlowMillis;
  private boolean cut;

  Link(SplittableRandom random, long maxDelayMillis) {
    this.random = random;
    this.maxDelayMillis = maxDelayMillis;
  }

  boolean isCut() {
    return cut;
  }

  void cut() {
    cut = true;
  }

  void slow(long millis) {
    maxSlowMillis = millis;
  }

  void heal() {
    cut = false;
    maxSlowMillis = 0;
  }

  /** One way. */
  long delayNanos() {
    return random.nextLong((maxDelayMillis + maxSlowMillis) * NANOS_PER_MILLI + 1);
  }

  boolean happens(double probability) {
    return random.nextDouble() < probability;
  }
}
