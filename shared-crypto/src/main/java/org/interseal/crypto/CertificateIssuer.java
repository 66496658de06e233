package org.interseal.crypto;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/** Issues the certificates of the federation's profile (docs/reference/certificates.md). */
public final class CertificateIssuer {
  private CertificateIssuer() {}

  public static RootCertificate root(
      String authorityName, SigningKey key, Instant notBefore, Instant notAfter, SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  /** A bank's certificate: may certify internal CAs of this bank, nothing else. DER. */
  public static Bytes bank(
      BankId bank,
      VerificationKey certifyingKey,
      RootCertificate root,
      SigningKey rootKey,
      Instant notBefore,
      Instant notAfter,
      SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  /** A bank's internal CA. DER. */
  public static Bytes internalCa(
      VerificationKey caKey,
      Bytes bankCertificate,
      SigningKey certifyingKey,
      Instant notBefore,
      Instant notAfter,
      SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  /** A server's, gateway's or branch's certificate. DER. */
  public static Bytes node(
      Party node,
      VerificationKey nodeKey,
      Optional<EncryptionKey> nodeEncryptionKey,
      Bytes internalCaCertificate,
      SigningKey internalCaKey,
      Instant notBefore,
      Instant notAfter,
      SecureRandom random) {
    throw new UnsupportedOperationException();
  }
}
