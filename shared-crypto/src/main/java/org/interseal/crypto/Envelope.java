package org.interseal.crypto;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.interseal.identity.Party;

/** The one envelope format: signed, padded, then encrypted to one recipient (docs/reference/envelope.md). */
public final class Envelope {
  /** Longest final envelope, in characters: the sealed form of the largest padded size. */
  public static final int MAX_LENGTH = 512 * 1024;

  private Envelope() {}

  /** Signs and seals. An over-long body is an {@link IllegalArgumentException}. */
  public static String seal(
      Letter letter, SigningKey author, EncryptionKey recipient, int partition, SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  /** Reads the outer header without opening; strict about its shape. */
  public static EnvelopeHeader header(String envelope) throws CryptoFailure {
    throw new UnsupportedOperationException();
  }

  /**
   * Opens and verifies.
   *
   * <p>Checks everything but expiry when {@code now} is absent: a ledger decides expiry by its own
   * time, in a block.
   *
   * @param keys the private key for a recipient key id
   * @param authors finds the author's key
   * @param recipient whether this party is us
   */
  public static OpenedLetter open(
      String envelope,
      Function<KeyId, Optional<DecryptionKey>> keys,
      AuthorKeys authors,
      Predicate<Party> recipient,
      Optional<Instant> now)
      throws CryptoFailure {
    throw new UnsupportedOperationException();
  }
}
