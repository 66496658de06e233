package org.interseal.bank.inbox;

/**
 * A message that was set aside, as operators see it.
 *
 * @param submissionId names the envelope
 * @param reason why, for example {@code bad-signature}
 * @param storedAtMillis when the store stamped it, UTC
 * @param setAsideAtMillis when this server set it aside, UTC
 * @param envelope the sealed message
 */
public record SetAsideRecord(
    String submissionId,
    String reason,
    long storedAtMillis,
    long setAsideAtMillis,
    String envelope) {}
