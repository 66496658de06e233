package org.interseal.crypto;

/** A public X-Wing key (KEM 0x647a): 1,216 bytes, spelled as SubjectPublicKeyInfo with OID 1.3.6.1.4.1.62253.25722. */
public final class EncryptionKey {
  private EncryptionKey() {}

  public static EncryptionKey fromSpki(Bytes spki) throws InvalidKeyMaterial {
    throw new UnsupportedOperationException();
  }

  public KeyId id() {
    throw new UnsupportedOperationException();
  }

  public Bytes spki() {
    throw new UnsupportedOperationException();
  }
}
