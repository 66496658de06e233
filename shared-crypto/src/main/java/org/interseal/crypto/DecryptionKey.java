package org.interseal.crypto;

import java.security.SecureRandom;

/** A private X-Wing key: a 32-byte seed. Never printed; leaves only into a {@link KeyVault} or wrapped. */
public final class DecryptionKey {
  private DecryptionKey() {}

  public static DecryptionKey generate(SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  public EncryptionKey encryptionKey() {
    throw new UnsupportedOperationException();
  }
}
