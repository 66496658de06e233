package org.interseal.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A private X-Wing key: a 32-byte seed. Never printed; leaves only into a {@link KeyVault} or
 * wrapped.
 */
public final class DecryptionKey {
  private final byte[] seed;
  private final EncryptionKey encryptionKey;
  private final CryptoSuite.HpkeOpener opener;

  private DecryptionKey(byte[] seed, CryptoSuite suite) {
    this.seed = seed.clone();
    this.encryptionKey = EncryptionKey.ofSeed(this.seed, suite);
    this.opener = suite.opener(this.seed);
  }

  public static DecryptionKey generate(SecureRandom random) {
    return generate(random, CryptoSuites.preferred());
  }

  static DecryptionKey generate(SecureRandom random, CryptoSuite suite) {
    byte[] seed = new byte[KeyEncodings.SECRET_BYTES];
    random.nextBytes(seed);
    return new DecryptionKey(seed, suite);
  }

  static DecryptionKey ofSeed(byte[] seed, CryptoSuite suite) throws InvalidKeyMaterial {
    if (seed.length != KeyEncodings.SECRET_BYTES) {
      throw new InvalidKeyMaterial("not an X-Wing seed");
    }
    return new DecryptionKey(seed, suite);
  }

  public EncryptionKey encryptionKey() {
    return encryptionKey;
  }

  byte[] open(byte[] encapsulated, byte[] info, byte[] associatedData, byte[] ciphertext)
      throws CryptoFailure {
    try {
      return opener.open(encapsulated, info, associatedData, ciphertext);
    } catch (GeneralSecurityException refused) {
      throw new CryptoFailure(CryptoFailure.Reason.NOT_DECRYPTABLE);
    }
  }

  /** A copy of the seed: for the vault and for wrapping alone. */
  byte[] secret() {
    return seed.clone();
  }

  /** In constant time. */
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof DecryptionKey other && MessageDigest.isEqual(seed, other.seed);
  }

  @Override
  public int hashCode() {
    return encryptionKey.hashCode();
  }

  /** Names the public half only. */
  @Override
  public String toString() {
    return "private half of " + encryptionKey;
  }
}
