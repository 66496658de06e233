package org.interseal.crypto;

import java.security.SecureRandom;

/** Wraps shared private keys to a node's public key (HPKE base mode, X-Wing), bound to a context. */
public final class KeyWrap {
  private KeyWrap() {}

  public static Bytes wrap(DecryptionKey key, EncryptionKey recipient, Bytes context, SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  public static DecryptionKey unwrapDecryptionKey(Bytes wrapped, DecryptionKey recipient, Bytes context)
      throws CryptoFailure {
    throw new UnsupportedOperationException();
  }

  public static Bytes wrap(SecretKey256 key, EncryptionKey recipient, Bytes context, SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  public static SecretKey256 unwrapSecretKey(Bytes wrapped, DecryptionKey recipient, Bytes context)
      throws CryptoFailure {
    throw new UnsupportedOperationException();
  }

  /** Seals arbitrary bytes, for the possession challenge of an encryption key. */
  public static Bytes seal(Bytes plaintext, EncryptionKey recipient, Bytes context, SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  public static Bytes open(Bytes sealed, DecryptionKey recipient, Bytes context) throws CryptoFailure {
    throw new UnsupportedOperationException();
  }
}
