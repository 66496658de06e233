package org.interseal.crypto;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.interseal.identity.Party;

/**
 * What is inside an envelope, under its author's signature.
 *
 * @param author who signs
 * @param recipient who may act on it; a letter to anybody else is refused after opening
 * @param type the message type, at most 64 characters of {@code [a-z0-9.-]}
 * @param messageId 16 random bytes or a hash's first 16, unique per author
 * @param number the author's message number, 1 or more; 0 where the type is not numbered
 * @param createdAt milliseconds UTC, finer parts are cut off
 * @param expiresAt later than {@code createdAt}, by {@link #MAX_LIFETIME} at most
 * @param body the message, whose format is the message type's business
 */
public record Letter(
    Party author,
    Party recipient,
    String type,
    Bytes messageId,
    long number,
    Instant createdAt,
    Instant expiresAt,
    Bytes body) {
  /**
   * Longest life of a letter: seven days for a branch that was offline, and some slack for its
   * clock.
   */
  public static final Duration MAX_LIFETIME = Duration.ofDays(7).plusMinutes(5);

  /** Bytes of a message id. */
  public static final int MESSAGE_ID_BYTES = 16;

  /** Largest number on the wire: what every JSON reader keeps exactly. */
  static final long MAX_NUMBER = (1L << 53) - 1;

  private static final Pattern TYPE = Pattern.compile("[a-z0-9.-]{1,64}");

  /** Refuses what the format cannot carry with {@link IllegalArgumentException}. */
  public Letter {
    if (!TYPE.matcher(type).matches()) {
      throw new IllegalArgumentException("not a message type: " + type);
    }
    if (messageId.size() != MESSAGE_ID_BYTES) {
      throw new IllegalArgumentException("a message id has 16 bytes");
    }
    if (number < 0 || number > MAX_NUMBER) {
      throw new IllegalArgumentException("not a message number: " + number);
    }
    createdAt = createdAt.truncatedTo(ChronoUnit.MILLIS);
    expiresAt = expiresAt.truncatedTo(ChronoUnit.MILLIS);
    if (createdAt.toEpochMilli() < 0 || expiresAt.toEpochMilli() > MAX_NUMBER) {
      throw new IllegalArgumentException("a time that the format cannot carry");
    }
    Duration lifetime = Duration.between(createdAt, expiresAt);
    if (!lifetime.isPositive() || lifetime.compareTo(MAX_LIFETIME) > 0) {
      throw new IllegalArgumentException("not a lifetime of a letter: " + lifetime);
    }
  }

  /** Says who writes what to whom, never the body. */
  @Override
  public String toString() {
    return "Letter["
        + type
        + " from "
        + author.wire()
        + " to "
        + recipient.wire()
        + ", number "
        + number
        + "]";
  }
}
