package org.interseal.client;

import java.util.function.Function;
import org.interseal.protocol.banking.ReasonCode;

/**
 * The bank's answer to a request of a device.
 *
 * @param <T> what it says when the bank did as asked
 */
public sealed interface Reply<T> {
  record Answered<T>(T value) implements Reply<T> {}

  /** The bank refused and nothing changed. */
  record Refused<T>(ReasonCode reason, String detail) implements Reply<T> {}

  /** Nothing is known; {@code why} is for a human. */
  record Unanswered<T>(String why) implements Reply<T> {}

  /** The same reply about something else. */
  default <U> Reply<U> map(Function<T, U> change) {
    return switch (this) {
      case Answered<T>(T value) -> new Answered<>(change.apply(value));
      case Refused<T>(ReasonCode reason, String detail) -> new Refused<>(reason, detail);
      case Unanswered<T>(String why) -> new Unanswered<>(why);
    };
  }
}
