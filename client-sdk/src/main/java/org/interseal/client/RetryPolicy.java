package org.interseal.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/** How long to wait before a request is made again: full jitter under a doubling bound. */
final class RetryPolicy {
  static final Duration FIRST = Duration.ofMillis(200);
  static final Duration MAX = Duration.ofSeconds(10);

  /** A gateway may ask for more patience than {@link #MAX}, but not for more than this. */
  static final Duration MAX_ASKED = Duration.ofMinutes(5);

  private RetryPolicy() {}

  /**
   * @param failures how many attempts failed so far, from 1
   * @param asked what the gateway asked for; never less than that is waited
   */
  static Duration delay(int failures, Optional<Duration> asked, SecureRandom random) {
    long boundMillis = Math.min(MAX.toMillis(), FIRST.toMillis() << Math.min(failures - 1, 16));
    long jittered = boundMillis / 2 + random.nextLong(boundMillis / 2 + 1);
    Duration own = Duration.ofMillis(jittered);
    return asked
        .map(wait -> wait.compareTo(MAX_ASKED) > 0 ? MAX_ASKED : wait)
        // On top, not in its place: those who were refused together must not come back together.
        .map(wait -> wait.plus(own))
        .orElse(own);
  }
}
