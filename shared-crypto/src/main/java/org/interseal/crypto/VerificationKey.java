package org.interseal.crypto;

import org.jspecify.annotations.Nullable;

/** A public signature key, Ed25519 or P-256. Equality is by key. */
public final class VerificationKey {
  private final SignatureAlgorithm algorithm;
  private final Bytes spki;
  private final KeyId id;
  private final CryptoSuite.Verifier verifier;

  private VerificationKey(SignatureAlgorithm algorithm, Bytes spki, CryptoSuite suite) {
    this.algorithm = algorithm;
    this.spki = spki;
    this.id = KeyId.ofSpki(spki);
    this.verifier = suite.verifier(algorithm, spki.shared());
  }

  /**
   * Reads a SubjectPublicKeyInfo; unknown algorithms, points off the curve or of small order, and
   * every other encoding of a good key are refused.
   */
  public static VerificationKey fromSpki(Bytes spki) throws InvalidKeyMaterial {
    return fromSpki(spki, CryptoSuites.preferred());
  }

  static VerificationKey fromSpki(Bytes spki, CryptoSuite suite) throws InvalidKeyMaterial {
    return new VerificationKey(KeyEncodings.validateSignatureSpki(spki.shared()), spki, suite);
  }

  /** The public half of a secret that was validated. */
  static VerificationKey ofSecret(SignatureAlgorithm algorithm, byte[] secret, CryptoSuite suite) {
    Bytes spki = KeyEncodings.spki(algorithm, KeyEncodings.publicKey(algorithm, secret));
    return new VerificationKey(algorithm, spki, suite);
  }

  public SignatureAlgorithm algorithm() {
    return algorithm;
  }

  public KeyId id() {
    return id;
  }

  /** DER SubjectPublicKeyInfo. */
  public Bytes spki() {
    return spki;
  }

  /**
   * Whether {@code signature} (64 bytes) is this key's over {@code content}. Never throws on bad
   * bytes.
   */
  public boolean verifies(Bytes content, Bytes signature) {
    return verifies(content.shared(), content.size(), signature.shared());
  }

  boolean verifies(byte[] content, int length, byte[] signature) {
    return verifier.verifies(content, length, signature);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof VerificationKey other && spki.equals(other.spki);
  }

  @Override
  public int hashCode() {
    return spki.hashCode();
  }

  @Override
  public String toString() {
    return algorithm.joseName() + " key " + id;
  }
}
