package org.interseal.crypto;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A public X-Wing key (KEM 0x647a): 1,216 bytes, spelled as SubjectPublicKeyInfo with OID
 * 1.3.6.1.4.1.62253.25722.
 */
public final class EncryptionKey {
  private final Bytes spki;
  private final KeyId id;
  private final CryptoSuite.HpkeSealer sealer;

  private EncryptionKey(Bytes spki, byte[] raw, CryptoSuite suite) {
    this.spki = spki;
    this.id = KeyId.ofSpki(spki);
    this.sealer = suite.sealer(raw);
  }

  /** Refuses other algorithms, other encodings, and ML-KEM coefficients that are not reduced. */
  public static EncryptionKey fromSpki(Bytes spki) throws InvalidKeyMaterial {
    return fromSpki(spki, CryptoSuites.preferred());
  }

  static EncryptionKey fromSpki(Bytes spki, CryptoSuite suite) throws InvalidKeyMaterial {
    return new EncryptionKey(spki, KeyEncodings.rawXWingPublicKey(spki.shared()), suite);
  }

  static EncryptionKey ofSeed(byte[] seed, CryptoSuite suite) {
    byte[] raw = KeyEncodings.xWingPublicKey(seed);
    return new EncryptionKey(KeyEncodings.xWingSpki(raw), raw, suite);
  }

  public KeyId id() {
    return id;
  }

  public Bytes spki() {
    return spki;
  }

  CryptoSuite.Sealed seal(
      byte[] info, byte[] associatedData, byte[] plaintext, SecureRandom random) {
    return sealer.seal(info, associatedData, plaintext, random);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof EncryptionKey other && spki.equals(other.spki);
  }

  @Override
  public int hashCode() {
    return spki.hashCode();
  }

  @Override
  public String toString() {
    return "X-Wing key " + id;
  }
}
