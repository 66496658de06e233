package org.interseal.crypto;

import java.util.Optional;
import org.interseal.identity.Party;

/** Finds the key that an author may sign with. The answer decides the algorithm; the message never does. */
@FunctionalInterface
public interface AuthorKeys {
  /** Empty when this author has no such key, or may not sign (any more). Must not block for long. */
  Optional<VerificationKey> find(Party author, KeyId signingKey);
}
