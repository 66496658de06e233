package org.interseal.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A symmetric AES-256-GCM key (ledger data keys and period keys). Never printed; equality in
 * constant time.
 *
 * <p>Nonces are random, so one key may encrypt up to 2^32 times (NIST SP 800-38D section 8.3).
 */
public final class SecretKey256 {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  // The first byte of the associated data keeps data and wrapped keys apart.
  private static final byte DATA = 0;
  private static final byte KEY = 1;

  private final byte[] key;
  private final CryptoSuite suite;
  private final CryptoSuite.Aead aead;

  private SecretKey256(byte[] key, CryptoSuite suite) {
    this.key = key.clone();
    this.suite = suite;
    this.aead = suite.aead(this.key);
  }

  public static SecretKey256 generate(SecureRandom random) {
    return generate(random, CryptoSuites.preferred());
  }

  static SecretKey256 generate(SecureRandom random, CryptoSuite suite) {
    byte[] key = new byte[KeyEncodings.SECRET_BYTES];
    random.nextBytes(key);
    return new SecretKey256(key, suite);
  }

  static SecretKey256 ofSecret(byte[] key, CryptoSuite suite) throws InvalidKeyMaterial {
    if (key.length != KeyEncodings.SECRET_BYTES) {
      throw new InvalidKeyMaterial("not a 256-bit key");
    }
    return new SecretKey256(key, suite);
  }

  /** Nonce (12 random bytes) || ciphertext || tag. */
  public Bytes encrypt(Bytes plaintext, Bytes associatedData, SecureRandom random) {
    return seal(plaintext.shared(), DATA, associatedData, random);
  }

  /** What {@link #encrypt} was given; anything altered, or other associated data, is refused. */
  public Bytes decrypt(Bytes sealed, Bytes associatedData) throws CryptoFailure {
    return Bytes.owning(open(sealed.shared(), DATA, associatedData));
  }

  /** This key encrypted under {@code wrapping} (60 bytes), bound to {@code context}. */
  public Bytes wrapUnder(SecretKey256 wrapping, Bytes context, SecureRandom random) {
    return wrapping.seal(key, KEY, context, random);
  }

  /** What {@link #wrapUnder} wrapped in the same context. */
  public static SecretKey256 unwrap(Bytes wrapped, SecretKey256 wrapping, Bytes context)
      throws CryptoFailure {
    byte[] key = wrapping.open(wrapped.shared(), KEY, context);
    if (key.length != KeyEncodings.SECRET_BYTES) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
    return new SecretKey256(key, wrapping.suite);
  }

  private Bytes seal(byte[] plaintext, byte use, Bytes context, SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] ciphertext = aead.encrypt(nonce, associatedData(use, context), plaintext);
    return Bytes.owning(KeyEncodings.concat(nonce, ciphertext));
  }

  private byte[] open(byte[] sealed, byte use, Bytes context) throws CryptoFailure {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
    try {
      return aead.decrypt(
          Arrays.copyOf(sealed, NONCE_BYTES), associatedData(use, context), sealed, NONCE_BYTES);
    } catch (GeneralSecurityException refused) {
      throw new CryptoFailure(CryptoFailure.Reason.NOT_DECRYPTABLE);
    }
  }

  private static byte[] associatedData(byte use, Bytes context) {
    return KeyEncodings.concat(new byte[] {use}, context.shared());
  }

  /** A copy: for the vault and for wrapping alone. */
  byte[] secret() {
    return key.clone();
  }

  /** In constant time. */
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof SecretKey256 other && MessageDigest.isEqual(key, other.key);
  }

  /** One value for all: a hash would be a part of the key. */
  @Override
  public int hashCode() {
    return SecretKey256.class.hashCode();
  }

  @Override
  public String toString() {
    return "SecretKey256[redacted]";
  }
}
