package org.interseal.crypto;

import java.security.SecureRandom;

/**
 * A symmetric AES-256-GCM key (ledger data keys and period keys). Never printed; equality in constant
 * time.
 */
public final class SecretKey256 {
  private SecretKey256() {}

  public static SecretKey256 generate(SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  /** Nonce (12 random bytes) || ciphertext || tag. */
  public Bytes encrypt(Bytes plaintext, Bytes associatedData, SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  public Bytes decrypt(Bytes sealed, Bytes associatedData) throws CryptoFailure {
    throw new UnsupportedOperationException();
  }

  /** This key encrypted under {@code wrapping} (60 bytes), bound to {@code context}. */
  public Bytes wrapUnder(SecretKey256 wrapping, Bytes context, SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  public static SecretKey256 unwrap(Bytes wrapped, SecretKey256 wrapping, Bytes context)
      throws CryptoFailure {
    throw new UnsupportedOperationException();
  }
}
