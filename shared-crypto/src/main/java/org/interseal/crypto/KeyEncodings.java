package org.interseal.crypto;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The one spelling of each kind of key as SubjectPublicKeyInfo and PKCS#8.
 *
 * <p>A fixed prefix before the raw key instead of a general ASN.1 reader: another encoding of the
 * same key would have another key id.
 */
final class KeyEncodings {
  static final int SECRET_BYTES = 32;
  static final int X_WING_PUBLIC_BYTES = 1216;
  static final int X_WING_ENCAPSULATED_BYTES = 1120;

  private static final int ML_KEM_768_PUBLIC_BYTES = 1184;
  private static final int ML_KEM_768_COEFFICIENT_BYTES = 1152;
  private static final int ML_KEM_SEED_BYTES = 64;
  private static final int ML_KEM_MODULUS = 3329;

  private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final byte[] P256_SPKI =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
  private static final byte[] X_WING_SPKI =
      HexFormat.of().parseHex("308204d4300d060b2b0601040183e62d81c87a038204c100");
  private static final byte[] ED25519_PKCS8 =
      HexFormat.of().parseHex("302e020100300506032b657004220420");
  private static final byte[] P256_PKCS8 =
      HexFormat.of()
          .parseHex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420");

  private KeyEncodings() {}

  static Bytes spki(SignatureAlgorithm algorithm, byte[] rawPublicKey) {
    return Bytes.owning(
        concat(
            switch (algorithm) {
              case ED25519 -> ED25519_SPKI;
              case ES256 -> P256_SPKI;
            },
            rawPublicKey));
  }

  static Bytes xWingSpki(byte[] rawPublicKey) {
    return Bytes.owning(concat(X_WING_SPKI, rawPublicKey));
  }

  static byte[] pkcs8(SignatureAlgorithm algorithm, byte[] secret) {
    return concat(
        switch (algorithm) {
          case ED25519 -> ED25519_PKCS8;
          case ES256 -> P256_PKCS8;
        },
        secret);
  }

  /** The algorithm of a signature key, after every check that its public key needs. */
  static SignatureAlgorithm validateSignatureSpki(byte[] spki) throws InvalidKeyMaterial {
    if (hasShape(spki, ED25519_SPKI, Ed25519.PUBLIC_KEY_SIZE)) {
      // Full validation: a point of small order would let one signature fit any content.
      if (!Ed25519.validatePublicKeyFull(spki, ED25519_SPKI.length)) {
        throw new InvalidKeyMaterial("not a point of the Ed25519 group");
      }
      return SignatureAlgorithm.ED25519;
    }
    if (hasShape(spki, P256_SPKI, P256.POINT_BYTES)) {
      try {
        P256.point(rawPublicKey(spki));
      } catch (IllegalArgumentException e) {
        throw new InvalidKeyMaterial("not a point of P-256");
      }
      return SignatureAlgorithm.ES256;
    }
    throw new InvalidKeyMaterial("neither an Ed25519 nor a P-256 key");
  }

  /** The raw bytes of a signature key whose shape was checked. */
  static byte[] rawPublicKey(byte[] spki) {
    int prefix =
        spki.length == ED25519_SPKI.length + Ed25519.PUBLIC_KEY_SIZE
            ? ED25519_SPKI.length
            : P256_SPKI.length;
    return Arrays.copyOfRange(spki, prefix, spki.length);
  }

  static byte[] rawXWingPublicKey(byte[] spki) throws InvalidKeyMaterial {
    if (!hasShape(spki, X_WING_SPKI, X_WING_PUBLIC_BYTES)) {
      throw new InvalidKeyMaterial("not an X-Wing key");
    }
    // FIPS 203 section 7.2: the modulus check of an encapsulation key.
    for (int i = X_WING_SPKI.length;
        i < X_WING_SPKI.length + ML_KEM_768_COEFFICIENT_BYTES;
        i += 3) {
      int low = (spki[i] & 0xFF) | (spki[i + 1] & 0x0F) << 8;
      int high = (spki[i + 1] & 0xF0) >>> 4 | (spki[i + 2] & 0xFF) << 4;
      if (low >= ML_KEM_MODULUS || high >= ML_KEM_MODULUS) {
        throw new InvalidKeyMaterial("not a reduced ML-KEM-768 key");
      }
    }
    return Arrays.copyOfRange(spki, X_WING_SPKI.length, spki.length);
  }

  static byte[] publicKey(SignatureAlgorithm algorithm, byte[] secret) {
    return switch (algorithm) {
      case ED25519 -> {
        byte[] out = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(secret, 0, out, 0);
        yield out;
      }
      case ES256 -> P256.publicPoint(secret);
    };
  }

  /** expandDecapsulationKey of draft-connolly-cfrg-xwing-kem, section 5.2, public half. */
  static byte[] xWingPublicKey(byte[] seed) {
    SHAKEDigest shake = new SHAKEDigest(256);
    shake.update(seed, 0, seed.length);
    byte[] expanded = new byte[ML_KEM_SEED_BYTES + X25519.SCALAR_SIZE];
    shake.doFinal(expanded, 0, expanded.length);
    byte[] mlKem =
        new MLKEMPrivateKeyParameters(
                MLKEMParameters.ml_kem_768, Arrays.copyOf(expanded, ML_KEM_SEED_BYTES))
            .getPublicKey();
    byte[] out = Arrays.copyOf(mlKem, X_WING_PUBLIC_BYTES);
    X25519.scalarMultBase(expanded, ML_KEM_SEED_BYTES, out, ML_KEM_768_PUBLIC_BYTES);
    return out;
  }

  private static boolean hasShape(byte[] spki, byte[] prefix, int rawBytes) {
    return spki.length == prefix.length + rawBytes
        && Arrays.equals(spki, 0, prefix.length, prefix, 0, prefix.length);
  }

  static byte[] concat(byte[] first, byte[] second) {
    byte[] out = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, out, first.length, second.length);
    return out;
  }
}
