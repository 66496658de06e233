package org.interseal.rethinkdb;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: doubled each time up to a bound, of which the half is random so that
 * clients of a server that came back do not arrive together.
 */
public record BackOff(Duration initial, Duration max) {
  public BackOff {
    if (initial.isNegative() || initial.isZero() || max.compareTo(initial) < 0) {
      throw new IllegalArgumentException("back-off from " + initial + " to " + max);
    }
  }

  /** The pause after so many failures in a row, at least one. */
  public Duration pause(int failures, RandomGenerator random) {
    long ceiling = initial.toNanos();
    for (int i = 1; i < failures && ceiling < max.toNanos(); i++) {
      ceiling = ceiling > max.toNanos() / 2 ? max.toNanos() : ceiling * 2;
    }
    return Duration.ofNanos(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
  }
}
