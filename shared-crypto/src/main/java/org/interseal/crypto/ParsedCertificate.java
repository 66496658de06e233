package org.interseal.crypto;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.jspecify.annotations.Nullable;

/**
 * One certificate that keeps the profile, read. Says nothing yet about who signed it.
 *
 * @param holder its fields
 * @param party whom it names; the authority for a root
 * @param key its signature key
 * @param encryptionKey the X-Wing key of a node
 */
record ParsedCertificate(
    X509CertificateHolder holder,
    Party party,
    VerificationKey key,
    Optional<EncryptionKey> encryptionKey) {
  private static final Set<ASN1ObjectIdentifier> REQUIRED =
      Set.of(
          Extension.basicConstraints,
          Extension.keyUsage,
          Extension.subjectKeyIdentifier,
          Extension.authorityKeyIdentifier,
          Profile.ROLE);

  /** Reads and checks all that concerns this certificate alone. */
  static ParsedCertificate parse(Bytes der) throws CertificateRejected {
    if (der.size() > Profile.MAX_DER_BYTES) {
      throw new CertificateRejected("longer than a certificate of this profile");
    }
    try {
      X509CertificateHolder holder = new X509CertificateHolder(der.toArray());
      require(
          Arrays.equals(holder.toASN1Structure().getEncoded("DER"), der.shared()), "not plain DER");
      require(holder.getVersionNumber() == 3, "not a version 3 certificate");
      require(holder.getSerialNumber().signum() > 0, "not a positive serial number");
      return check(holder);
    } catch (IOException | InvalidKeyMaterial | RuntimeException e) {
      // BouncyCastle reports malformed structures with several unchecked types.
      CertificateRejected rejected =
          new CertificateRejected("not a certificate of this profile: " + e.getMessage());
      rejected.initCause(e);
      throw rejected;
    }
  }

  private static ParsedCertificate check(X509CertificateHolder holder)
      throws CertificateRejected, InvalidKeyMaterial, IOException {
    // BouncyCastle reads these two when they are asked for; ask while it may still fail.
    require(
        holder.getNotBefore().toInstant().isBefore(holder.getNotAfter().toInstant()),
        "not a time of validity");
    require(holder.getSignature().length > 0, "no signature");
    Extensions extensions = holder.getExtensions();
    require(extensions != null, "no extensions");
    PartyRole role = role(extensions);
    checkExtensionSet(extensions, role);
    Party party = party(holder.getSubject(), role);
    require(
        isBasicConstraints(extensions, role),
        "basic constraints that a " + role.code() + " must not have");
    require(
        isCritical(extensions, Extension.keyUsage)
            && hasValue(extensions, Extension.keyUsage, new KeyUsage(Profile.keyUsage(role))),
        "key usages that a " + role.code() + " must not have");
    VerificationKey key =
        VerificationKey.fromSpki(Bytes.owning(holder.getSubjectPublicKeyInfo().getEncoded("DER")));
    require(
        hasValue(
            extensions,
            Extension.subjectKeyIdentifier,
            new SubjectKeyIdentifier(Profile.keyIdentifier(key))),
        "a subject key identifier of another key");
    Extension encryption = extensions.getExtension(Profile.ENCRYPTION_KEY);
    Optional<EncryptionKey> encryptionKey =
        encryption == null
            ? Optional.empty()
            : Optional.of(EncryptionKey.fromSpki(Bytes.of(encryption.getExtnValue().getOctets())));
    return new ParsedCertificate(holder, party, key, encryptionKey);
  }

  private static PartyRole role(Extensions extensions) throws CertificateRejected {
    Extension extension = extensions.getExtension(Profile.ROLE);
    require(extension != null && extension.isCritical(), "no role");
    String code = ASN1UTF8String.getInstance(extension.getParsedValue()).getString();
    for (PartyRole role : PartyRole.values()) {
      if (role.code().equals(code) && role != PartyRole.DEVICE) {
        return role;
      }
    }
    throw new CertificateRejected("an unknown role");
  }

  /**
   * Exactly the extensions of the profile: an unknown one might mean something to somebody else.
   */
  private static void checkExtensionSet(Extensions extensions, PartyRole role)
      throws CertificateRejected {
    Set<ASN1ObjectIdentifier> present = new HashSet<>(List.of(extensions.getExtensionOIDs()));
    require(present.containsAll(REQUIRED), "an extension is missing");
    present.removeAll(REQUIRED);
    if (Profile.isNode(role)) {
      present.remove(Profile.ENCRYPTION_KEY);
    }
    require(present.isEmpty(), "an extension that a " + role.code() + " must not have");
  }

  private static boolean isBasicConstraints(Extensions extensions, PartyRole role) {
    int pathLength = Profile.pathLength(role);
    BasicConstraints expected =
        pathLength < 0 ? new BasicConstraints(false) : new BasicConstraints(pathLength);
    return isCritical(extensions, Extension.basicConstraints)
        && hasValue(extensions, Extension.basicConstraints, expected);
  }

  private static boolean isCritical(Extensions extensions, ASN1ObjectIdentifier type) {
    return extensions.getExtension(type).isCritical();
  }

  private static boolean hasValue(
      Extensions extensions, ASN1ObjectIdentifier type, ASN1Encodable expected) {
    return Arrays.equals(
        extensions.getExtension(type).getExtnValue().getOctets(), Profile.der(expected));
  }

  /** The subject, which must be spelled exactly as the profile spells this party. */
  private static Party party(X500Name subject, PartyRole role) throws CertificateRejected {
    String commonName = Profile.attribute(subject, BCStyle.CN).orElse("");
    if (role == PartyRole.AUTHORITY) {
      require(sameName(subject, Profile.authority(commonName)), "not the subject of an authority");
      return Party.authority();
    }
    String bank = Profile.attribute(subject, BCStyle.O).orElse("");
    Party party = new Party(role, new BankId(bank), commonName);
    require(sameName(subject, Profile.subject(party)), "not the subject of a " + role.code());
    require(Profile.isNode(role) != commonName.isEmpty(), "not the name of a " + role.code());
    return party;
  }

  /** Byte by byte, stricter than the name comparison of RFC 5280. */
  static boolean sameName(X500Name one, X500Name other) {
    return Arrays.equals(Profile.der(one), Profile.der(other));
  }

  /** What only the issuer's certificate can show; the signature itself is the path validator's. */
  void checkIssuedBy(ParsedCertificate issuer) throws CertificateRejected {
    require(sameName(holder.getIssuer(), issuer.subject()), "issued by somebody else");
    require(
        hasValue(
            holder.getExtensions(),
            Extension.authorityKeyIdentifier,
            new AuthorityKeyIdentifier(Profile.keyIdentifier(issuer.key))),
        "issued with another key");
    require(
        holder.getSignatureAlgorithm().equals(X509Signatures.identifier(issuer.key.algorithm())),
        "a signature algorithm that is not the issuer's");
  }

  void checkValidAt(Instant at) throws CertificateRejected {
    require(!at.isBefore(holder.getNotBefore().toInstant()), "not valid yet");
    require(!at.isAfter(notAfter()), "expired");
  }

  X500Name subject() {
    return holder.getSubject();
  }

  PartyRole role() {
    return party.role();
  }

  BankId bank() {
    BankId bank = party.bank();
    if (bank == null) {
      throw new IllegalStateException("the authority belongs to no bank");
    }
    return bank;
  }

  Instant notAfter() {
    return holder.getNotAfter().toInstant();
  }

  /** For the platform's path validator. */
  X509Certificate forPathValidation() throws CertificateRejected {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
    } catch (CertificateException | IOException e) {
      throw new CertificateRejected("not readable by the platform");
    }
  }

  static void require(boolean holds, String otherwise) throws CertificateRejected {
    if (!holds) {
      throw new CertificateRejected(otherwise);
    }
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ParsedCertificate other && holder.equals(other.holder);
  }

  @Override
  public int hashCode() {
    return holder.hashCode();
  }
}
