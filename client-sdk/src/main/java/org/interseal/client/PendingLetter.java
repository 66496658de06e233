package org.interseal.client;

import org.interseal.crypto.Bytes;

/**
 * A letter that was sealed and not answered yet. The same bytes may be sent again at any time.
 *
 * @param messageId what the answer names
 * @param type the letter's message type
 * @param envelope the sealed bytes
 * @param expiresAtMillis from then on the bank acts on it no more
 */
public record PendingLetter(Bytes messageId, String type, String envelope, long expiresAtMillis) {
  /** Without the envelope. */
  @Override
  public String toString() {
    return "PendingLetter[" + messageId.toHex() + " " + type + "]";
  }
}
