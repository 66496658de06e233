package org.interseal.crypto;

import java.time.Instant;
import org.interseal.identity.Party;

/**
 * What is inside an envelope, under its author's signature.
 *
 * @param author who signs
 * @param recipient who may act on it; a letter to anybody else is refused after opening
 * @param type the message type, at most 64 characters of {@code [a-z0-9.-]}
 * @param messageId 16 random bytes or a hash's first 16, unique per author
 * @param number the author's message number, 1 or more; 0 where the type is not numbered
 * @param createdAt milliseconds UTC
 * @param expiresAt later than {@code createdAt}
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
    Bytes body) {}
