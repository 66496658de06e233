package org.interseal.crypto;

import java.security.MessageDigest;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A private signature key with its public half. Never printed; leaves only into a {@link KeyVault}.
 */
public final class SigningKey {
  private final byte[] secret;
  private final VerificationKey verificationKey;
  private final CryptoSuite.Signer signer;

  private SigningKey(SignatureAlgorithm algorithm, byte[] secret, CryptoSuite suite) {
    this.secret = secret.clone();
    this.verificationKey = VerificationKey.ofSecret(algorithm, this.secret, suite);
    this.signer = suite.signer(algorithm, this.secret);
  }

  public static SigningKey generate(SignatureAlgorithm algorithm, SecureRandom random) {
    return generate(algorithm, random, CryptoSuites.preferred());
  }

  static SigningKey generate(SignatureAlgorithm algorithm, SecureRandom random, CryptoSuite suite) {
    byte[] secret =
        switch (algorithm) {
          case ED25519 -> {
            byte[] seed = new byte[KeyEncodings.SECRET_BYTES];
            random.nextBytes(seed);
            yield seed;
          }
          case ES256 -> P256.scalar(random);
        };
    return new SigningKey(algorithm, secret, suite);
  }

  /** The key with this seed or scalar. */
  static SigningKey ofSecret(SignatureAlgorithm algorithm, byte[] secret, CryptoSuite suite)
      throws InvalidKeyMaterial {
    boolean valid =
        switch (algorithm) {
          case ED25519 -> secret.length == KeyEncodings.SECRET_BYTES;
          case ES256 -> P256.isScalar(secret);
        };
    if (!valid) {
      throw new InvalidKeyMaterial("not a private " + algorithm.joseName() + " key");
    }
    return new SigningKey(algorithm, secret, suite);
  }

  public VerificationKey verificationKey() {
    return verificationKey;
  }

  /** A signature of 64 bytes. */
  public Bytes sign(Bytes content) {
    return Bytes.owning(sign(content.shared(), content.size()));
  }

  byte[] sign(byte[] content, int length) {
    return signer.sign(content, length);
  }

  /** A copy of the seed or scalar: for the vault alone. */
  byte[] secret() {
    return secret.clone();
  }

  /** In constant time. */
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof SigningKey other
        && verificationKey.algorithm() == other.verificationKey.algorithm()
        && MessageDigest.isEqual(secret, other.secret);
  }

  @Override
  public int hashCode() {
    return verificationKey.hashCode();
  }

  /** Names the public half only. */
  @Override
  public String toString() {
    return "private half of " + verificationKey;
  }
}
