package org.interseal.crypto;

/**
 * A letter that was opened and whose signature was verified.
 *
 * @param letter the content
 * @param signingKey which of the author's keys signed it
 * @param partition from the authenticated outer header
 */
public record OpenedLetter(Letter letter, KeyId signingKey, int partition) {}
