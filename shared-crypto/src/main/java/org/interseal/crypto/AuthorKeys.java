package org.interseal.crypto;

import java.util.Optional;
import org.interseal.identity.Party;

/**
 * Finds the key that an author may sign with. The answer decides the algorithm; the message never
 * does.
 */
@FunctionalInterface
public interface AuthorKeys {
  /**
   * Empty when this author has no such key, or may not sign (any more). Must not block for long.
   */
  Optional<VerificationKey> find(Party author, KeyId signingKey);

  /**
   * As {@link #find(Party, KeyId)}, for a letter that may bring its author's key along: a device
   * that is not linked yet is named by the hash of the keys in its own letter.
   *
   * @param unverified nothing in it is proved: good for finding a key that is bound to the author's
   *     name alone
   */
  default Optional<VerificationKey> find(Letter unverified, KeyId signingKey) {
    return find(unverified.author(), signingKey);
  }
}
