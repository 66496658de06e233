package org.interseal.crypto;

import org.interseal.identity.PartyRole;

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

  /**
   * The root's key, which signs licences. The certificate itself is trusted for where it came from.
   */
  public VerificationKey key() throws InvalidKeyMaterial {
    try {
      ParsedCertificate root = ParsedCertificate.parse(der);
      ParsedCertificate.require(root.role() == PartyRole.AUTHORITY, "not a root");
      return root.key();
    } catch (CertificateRejected e) {
      throw new InvalidKeyMaterial(String.valueOf(e.getMessage()));
    }
  }
}
