package org.interseal.crypto;

/** The signature algorithms of the federation. The key decides; a message never chooses. */
public enum SignatureAlgorithm {
  /** Ed25519 (RFC 8032), JOSE name of RFC 9864. */
  ED25519("Ed25519"),
  /**
   * ECDSA on P-256 with SHA-256, fixed-length r||s signature of 64 bytes (RFC 7518 section 3.4).
   */
  ES256("ES256");

  /** Length of every signature, in bytes. */
  static final int SIGNATURE_BYTES = 64;

  private final String joseName;

  SignatureAlgorithm(String joseName) {
    this.joseName = joseName;
  }

  /** The {@code alg} of a JWS. */
  public String joseName() {
    return joseName;
  }
}
