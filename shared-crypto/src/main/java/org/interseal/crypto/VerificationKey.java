package org.interseal.crypto;

/** A public signature key, Ed25519 or P-256. Equality is by key. */
public final class VerificationKey {
  private VerificationKey() {}

  /** Reads a SubjectPublicKeyInfo; unknown algorithms and points off the curve are refused. */
  public static VerificationKey fromSpki(Bytes spki) throws InvalidKeyMaterial {
    throw new UnsupportedOperationException();
  }

  public SignatureAlgorithm algorithm() {
    throw new UnsupportedOperationException();
  }

  public KeyId id() {
    throw new UnsupportedOperationException();
  }

  /** DER SubjectPublicKeyInfo. */
  public Bytes spki() {
    throw new UnsupportedOperationException();
  }

  /** Whether {@code signature} (64 bytes) is this key's over {@code content}. Never throws on bad bytes. */
  public boolean verifies(Bytes content, Bytes signature) {
    throw new UnsupportedOperationException();
  }
}
