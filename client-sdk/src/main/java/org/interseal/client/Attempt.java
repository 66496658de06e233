package org.interseal.client;

import java.time.Duration;
import java.util.Optional;

/** What one request to one gateway came to. */
sealed interface Attempt<T> {
  record Succeeded<T>(T value) implements Attempt<T> {}

  /**
   * Nothing is known, or it was asked to come later: the same request may be made again, here or
   * elsewhere.
   *
   * @param notBefore how long the gateway asked to wait
   */
  record TryAgain<T>(String why, Optional<Duration> notBefore) implements Attempt<T> {}

  /** The gateway will not take this request, now or later. */
  record Refused<T>(int status, String code) implements Attempt<T> {}
}
