package org.interseal.crypto;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;

/**
 * The X.509 profile of the federation (docs/reference/certificates.md): what issuing writes and
 * validating demands, in one place.
 */
final class Profile {
  /** Under the UUID-based arc of ITU-T X.667, which needs no registration. */
  private static final String ARC = "2.25.208836432135106632369776420370130902107";

  /** Critical: UTF8String, the role's code. */
  static final ASN1ObjectIdentifier ROLE = new ASN1ObjectIdentifier(ARC + ".1");

  /** Not critical: the SubjectPublicKeyInfo of the node's X-Wing key. */
  static final ASN1ObjectIdentifier ENCRYPTION_KEY = new ASN1ObjectIdentifier(ARC + ".2");

  /** Longest certificate or request that is looked at, in bytes. */
  static final int MAX_DER_BYTES = 8 * 1024;

  static final int SERIAL_BYTES = 16;
  static final int KEY_IDENTIFIER_BYTES = 20;

  private Profile() {}

  /**
   * Bits of {@link KeyUsage}. The certifying keys sign statements too, the internal CA does not.
   */
  static int keyUsage(PartyRole role) {
    return switch (role) {
      case AUTHORITY, BANK -> KeyUsage.keyCertSign | KeyUsage.digitalSignature;
      case INTERNAL_CA -> KeyUsage.keyCertSign;
      case SERVER, GATEWAY, BRANCH -> KeyUsage.digitalSignature;
      case DEVICE -> throw new IllegalArgumentException("devices have no certificate");
    };
  }

  /** How many further CAs may follow beneath; -1 for an end certificate. */
  static int pathLength(PartyRole role) {
    return switch (role) {
      case AUTHORITY -> 2;
      case BANK -> 1;
      case INTERNAL_CA -> 0;
      case SERVER, GATEWAY, BRANCH -> -1;
      case DEVICE -> throw new IllegalArgumentException("devices have no certificate");
    };
  }

  static boolean isNode(PartyRole role) {
    return pathLength(role) < 0;
  }

  /** O = the bank, OU = the role, CN = the name where there is one. */
  static X500Name subject(Party party) {
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
    if (party.bank() != null) {
      name.addRDN(BCStyle.O, party.bank().value());
    }
    name.addRDN(BCStyle.OU, party.role().code());
    if (!party.name().isEmpty()) {
      name.addRDN(BCStyle.CN, party.name());
    }
    return name.build();
  }

  static X500Name authority(String authorityName) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.OU, PartyRole.AUTHORITY.code())
        .addRDN(BCStyle.CN, authorityName)
        .build();
  }

  static Party internalCa(org.interseal.identity.BankId bank) {
    return new Party(PartyRole.INTERNAL_CA, bank, "");
  }

  /** The value of the single attribute of this type; empty when there is none or more than one. */
  static Optional<String> attribute(X500Name name, ASN1ObjectIdentifier type) {
    var found = name.getRDNs(type);
    return found.length == 1 && !found[0].isMultiValued()
        ? Optional.of(found[0].getFirst().getValue().toString())
        : Optional.empty();
  }

  /**
   * SHA-256 of the SubjectPublicKeyInfo, cut to 20 bytes (RFC 7093 section 2, method 1 with more
   * kept out).
   */
  static byte[] keyIdentifier(VerificationKey key) {
    return Arrays.copyOf(Bytes.sha256(key.spki()).shared(), KEY_IDENTIFIER_BYTES);
  }

  /** A positive number of 127 random bits. */
  static java.math.BigInteger serial(SecureRandom random) {
    byte[] bytes = new byte[SERIAL_BYTES];
    random.nextBytes(bytes);
    bytes[0] &= 0x7F;
    bytes[0] |= 0x40; // never short, never zero
    return new java.math.BigInteger(1, bytes);
  }

  static byte[] der(org.bouncycastle.asn1.ASN1Encodable value) {
    try {
      return value.toASN1Primitive().getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("encoding into memory failed", e);
    }
  }
}
