package org.interseal.crypto;

/**
 * Bytes that should be a key or a certificate are none, or one of a kind that is not allowed here.
 */
public final class InvalidKeyMaterial extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidKeyMaterial(String message) {
    super(message);
  }
}
