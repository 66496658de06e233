package org.interseal.branch;

import org.interseal.protocol.banking.ReasonCode;

/**
 * What became of a request to the bank.
 *
 * @param <T> what the bank says when it did it
 */
public sealed interface DeskAnswer<T> {
  /** The bank did it. */
  record Done<T>(T value) implements DeskAnswer<T> {}

  /** The bank refused; nothing changed. */
  record Refused<T>(ReasonCode reason, String detail) implements DeskAnswer<T> {}

  /**
   * The letter expired without an answer having been seen. The bank never acts on it later; whether
   * it did before, its answer tells, if one is still on its way.
   */
  record Expired<T>() implements DeskAnswer<T> {}
}
