package org.interseal.crypto;

import java.time.Instant;
import java.util.List;
import org.interseal.identity.PartyRole;

/**
 * An X.509 chain, end certificate first, root left out, each DER.
 *
 * @param certificates one to three certificates
 */
public record CertificateChain(List<Bytes> certificates) {
  public CertificateChain {
    certificates = List.copyOf(certificates);
  }

  /**
   * Validates the path to {@code root} (RFC 5280 section 6) and the federation's profile: roles in
   * their order, one bank throughout, key usages, path lengths, validity at {@code at}.
   *
   * @throws CertificateRejected with the first thing that is wrong
   */
  public CertifiedParty validate(RootCertificate root, PartyRole expected, Instant at)
      throws CertificateRejected {
    throw new UnsupportedOperationException();
  }
}
