package org.interseal.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Wraps shared private keys to a node's public key (HPKE base mode, X-Wing), bound to a context.
 *
 * <p>Output: encapsulation (1,120 bytes) || ciphertext with tag. The HPKE {@code info} names the
 * kind of content, so that no kind opens as another; the context is the associated data. HPKE base
 * mode says nothing about who wrapped: whoever publishes a wrapped key signs it.
 */
public final class KeyWrap {
  private static final byte[] DECRYPTION_KEY = ascii("interseal wrapped decryption key v1");
  private static final byte[] SECRET_KEY = ascii("interseal wrapped secret key v1");
  private static final byte[] TAG_KEY = ascii("interseal wrapped tag key v1");
  private static final byte[] SEALED_BYTES = ascii("interseal sealed bytes v1");

  private KeyWrap() {}

  public static Bytes wrap(
      DecryptionKey key, EncryptionKey recipient, Bytes context, SecureRandom random) {
    return seal(DECRYPTION_KEY, key.secret(), recipient, context, random);
  }

  public static DecryptionKey unwrapDecryptionKey(
      Bytes wrapped, DecryptionKey recipient, Bytes context) throws CryptoFailure {
    try {
      return DecryptionKey.ofSeed(
          open(DECRYPTION_KEY, wrapped, recipient, context), CryptoSuites.preferred());
    } catch (InvalidKeyMaterial e) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
  }

  public static Bytes wrap(
      SecretKey256 key, EncryptionKey recipient, Bytes context, SecureRandom random) {
    return seal(SECRET_KEY, key.secret(), recipient, context, random);
  }

  public static SecretKey256 unwrapSecretKey(Bytes wrapped, DecryptionKey recipient, Bytes context)
      throws CryptoFailure {
    try {
      return SecretKey256.ofSecret(
          open(SECRET_KEY, wrapped, recipient, context), CryptoSuites.preferred());
    } catch (InvalidKeyMaterial e) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
  }

  public static Bytes wrap(
      TagKey key, EncryptionKey recipient, Bytes context, SecureRandom random) {
    return seal(TAG_KEY, key.secret(), recipient, context, random);
  }

  public static TagKey unwrapTagKey(Bytes wrapped, DecryptionKey recipient, Bytes context)
      throws CryptoFailure {
    try {
      return TagKey.ofSecret(open(TAG_KEY, wrapped, recipient, context));
    } catch (InvalidKeyMaterial e) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
  }

  /** Seals arbitrary bytes, for the possession challenge of an encryption key. */
  public static Bytes seal(
      Bytes plaintext, EncryptionKey recipient, Bytes context, SecureRandom random) {
    return seal(SEALED_BYTES, plaintext.shared(), recipient, context, random);
  }

  public static Bytes open(Bytes sealed, DecryptionKey recipient, Bytes context)
      throws CryptoFailure {
    return Bytes.owning(open(SEALED_BYTES, sealed, recipient, context));
  }

  private static Bytes seal(
      byte[] info, byte[] plaintext, EncryptionKey recipient, Bytes context, SecureRandom random) {
    CryptoSuite.Sealed sealed = recipient.seal(info, context.shared(), plaintext, random);
    return Bytes.owning(KeyEncodings.concat(sealed.encapsulated(), sealed.ciphertext()));
  }

  private static byte[] open(byte[] info, Bytes sealed, DecryptionKey recipient, Bytes context)
      throws CryptoFailure {
    byte[] bytes = sealed.shared();
    if (bytes.length <= KeyEncodings.X_WING_ENCAPSULATED_BYTES) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
    return recipient.open(
        Arrays.copyOf(bytes, KeyEncodings.X_WING_ENCAPSULATED_BYTES),
        info,
        context.shared(),
        Arrays.copyOfRange(bytes, KeyEncodings.X_WING_ENCAPSULATED_BYTES, bytes.length));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
