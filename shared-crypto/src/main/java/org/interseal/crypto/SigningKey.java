package org.interseal.crypto;

import java.security.SecureRandom;

/** A private signature key with its public half. Never printed; leaves only into a {@link KeyVault}. */
public final class SigningKey {
  private SigningKey() {}

  public static SigningKey generate(SignatureAlgorithm algorithm, SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  public VerificationKey verificationKey() {
    throw new UnsupportedOperationException();
  }

  /** A signature of 64 bytes. */
  public Bytes sign(Bytes content) {
    throw new UnsupportedOperationException();
  }
}
