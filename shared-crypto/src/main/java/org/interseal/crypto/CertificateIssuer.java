package org.interseal.crypto;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;

/**
 * Issues the certificates of the federation's profile (docs/reference/certificates.md).
 *
 * <p>Times are cut to whole seconds, as X.509 wants. Giving an issuer's certificate with another
 * key, or of another role or bank than the certificate needs, is an {@link
 * IllegalArgumentException}.
 */
public final class CertificateIssuer {
  private CertificateIssuer() {}

  /** The authority's self-signed root. */
  public static RootCertificate root(
      String authorityName,
      SigningKey key,
      Instant notBefore,
      Instant notAfter,
      SecureRandom random) {
    X500Name name = Profile.authority(authorityName);
    Request request =
        new Request(
            PartyRole.AUTHORITY,
            name,
            key.verificationKey(),
            Optional.empty(),
            notBefore,
            notAfter);
    return new RootCertificate(issue(request, name, key, random));
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
    ParsedCertificate issuer = issuer(root.der(), PartyRole.AUTHORITY, rootKey);
    Party party = Party.bank(bank);
    Request request =
        new Request(
            PartyRole.BANK,
            Profile.subject(party),
            certifyingKey,
            Optional.empty(),
            notBefore,
            notAfter);
    return issue(request, issuer.subject(), rootKey, random);
  }

  /** A bank's internal CA. DER. */
  public static Bytes internalCa(
      VerificationKey caKey,
      Bytes bankCertificate,
      SigningKey certifyingKey,
      Instant notBefore,
      Instant notAfter,
      SecureRandom random) {
    ParsedCertificate issuer = issuer(bankCertificate, PartyRole.BANK, certifyingKey);
    Party party = Profile.internalCa(issuer.bank());
    Request request =
        new Request(
            PartyRole.INTERNAL_CA,
            Profile.subject(party),
            caKey,
            Optional.empty(),
            notBefore,
            notAfter);
    return issue(request, issuer.subject(), certifyingKey, random);
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
    if (!Profile.isNode(node.role()) || node.name().isEmpty()) {
      throw new IllegalArgumentException("not a node: " + node.wire());
    }
    ParsedCertificate issuer = issuer(internalCaCertificate, PartyRole.INTERNAL_CA, internalCaKey);
    if (!issuer.bank().equals(node.bank())) {
      throw new IllegalArgumentException(issuer.bank() + " does not certify " + node.wire());
    }
    Request request =
        new Request(
            node.role(), Profile.subject(node), nodeKey, nodeEncryptionKey, notBefore, notAfter);
    return issue(request, issuer.subject(), internalCaKey, random);
  }

  private static ParsedCertificate issuer(Bytes certificate, PartyRole role, SigningKey key) {
    ParsedCertificate issuer;
    try {
      issuer = ParsedCertificate.parse(certificate);
    } catch (CertificateRejected e) {
      throw new IllegalArgumentException("not an issuer's certificate", e);
    }
    if (issuer.role() != role) {
      throw new IllegalArgumentException(
          "a certificate of a " + role.code() + " is needed to issue this");
    }
    if (!issuer.key().equals(key.verificationKey())) {
      throw new IllegalArgumentException("the issuer's key does not belong to its certificate");
    }
    return issuer;
  }

  /** What a certificate is to say. */
  record Request(
      PartyRole role,
      X500Name subject,
      VerificationKey key,
      Optional<EncryptionKey> encryptionKey,
      Instant notBefore,
      Instant notAfter) {}

  /** Issues whatever is asked for: the public methods above decide what may be. */
  static Bytes issue(Request request, X500Name issuer, SigningKey issuerKey, SecureRandom random) {
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            issuer,
            Profile.serial(random),
            Date.from(request.notBefore),
            Date.from(request.notAfter),
            request.subject,
            SubjectPublicKeyInfo.getInstance(request.key.spki().shared()));
    int pathLength = Profile.pathLength(request.role);
    try {
      builder.addExtension(
          Extension.basicConstraints,
          true,
          pathLength < 0 ? new BasicConstraints(false) : new BasicConstraints(pathLength));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(Profile.keyUsage(request.role)));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new SubjectKeyIdentifier(Profile.keyIdentifier(request.key)));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new AuthorityKeyIdentifier(Profile.keyIdentifier(issuerKey.verificationKey())));
      builder.addExtension(Profile.ROLE, true, new DERUTF8String(request.role.code()));
      if (request.encryptionKey.isPresent()) {
        builder.addExtension(
            Profile.ENCRYPTION_KEY,
            false,
            ASN1Primitive.fromByteArray(request.encryptionKey.get().spki().shared()));
      }
      X509CertificateHolder certificate = builder.build(X509Signatures.signer(issuerKey));
      return Bytes.owning(certificate.getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException("encoding into memory failed", e);
    }
  }
}
