package org.interseal.crypto;

import java.util.Arrays;

/** How vaults spell a private key: 33 bytes, its kind, then the seed, scalar or key itself. */
final class VaultEntry {
  static final int BYTES = 1 + KeyEncodings.SECRET_BYTES;

  private static final byte ED25519_SEED = 1;
  private static final byte P256_SCALAR = 2;
  private static final byte X_WING_SEED = 3;
  private static final byte AES_KEY = 4;

  private VaultEntry() {}

  static byte[] encode(SigningKey key) {
    byte kind =
        switch (key.verificationKey().algorithm()) {
          case ED25519 -> ED25519_SEED;
          case ES256 -> P256_SCALAR;
        };
    return encode(kind, key.secret());
  }

  static byte[] encode(DecryptionKey key) {
    return encode(X_WING_SEED, key.secret());
  }

  static byte[] encode(SecretKey256 key) {
    return encode(AES_KEY, key.secret());
  }

  private static byte[] encode(byte kind, byte[] secret) {
    byte[] encoded = KeyEncodings.concat(new byte[] {kind}, secret);
    Arrays.fill(secret, (byte) 0);
    return encoded;
  }

  /** A {@link SigningKey}, {@link DecryptionKey} or {@link SecretKey256}. */
  static Object decode(byte[] encoded) throws InvalidKeyMaterial {
    if (encoded.length != BYTES) {
      throw new InvalidKeyMaterial("not an entry of 33 bytes");
    }
    byte[] secret = Arrays.copyOfRange(encoded, 1, encoded.length);
    CryptoSuite suite = CryptoSuites.preferred();
    return switch (encoded[0]) {
      case ED25519_SEED -> SigningKey.ofSecret(SignatureAlgorithm.ED25519, secret, suite);
      case P256_SCALAR -> SigningKey.ofSecret(SignatureAlgorithm.ES256, secret, suite);
      case X_WING_SEED -> DecryptionKey.ofSeed(secret, suite);
      case AES_KEY -> SecretKey256.ofSecret(secret, suite);
      default -> throw new InvalidKeyMaterial("a kind of key from another version");
    };
  }
}
