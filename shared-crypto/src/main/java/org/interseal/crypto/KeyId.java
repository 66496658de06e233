package org.interseal.crypto;

/**
 * Names a public key: the SHA-256 of its SubjectPublicKeyInfo, unpadded base64url (43 characters).
 *
 * @param value 43 characters
 */
public record KeyId(String value) {
  /** Refuses anything but 32 bytes in canonical base64url. */
  public KeyId {
    if (Bytes.base64Url(value).size() != 32) {
      throw new IllegalArgumentException("a key id is a SHA-256");
    }
  }

  /** The id of the key with this SubjectPublicKeyInfo (DER). */
  public static KeyId ofSpki(Bytes spki) {
    return new KeyId(Bytes.sha256(spki).toBase64Url());
  }

  @Override
  public String toString() {
    return value;
  }
}
