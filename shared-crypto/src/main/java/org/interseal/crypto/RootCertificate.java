package org.interseal.crypto;

/**
 * The authority's self-signed root certificate.
 *
 * @param der DER
 */
public record RootCertificate(Bytes der) {
  /** SHA-256 of the DER, which activation codes carry. */
  public Bytes fingerprint() {
    return Bytes.sha256(der);
  }

  /** The root's key, which signs licences. */
  public VerificationKey key() throws InvalidKeyMaterial {
    throw new UnsupportedOperationException();
  }
}
