package org.interseal.crypto;

/**
 * A statement that is public but signed: JWS compact (RFC 7515) with a {@code typ} of its own, so that
 * no statement can be passed off as another kind.
 */
public final class SignedStatement {
  private SignedStatement() {}

  /** Signs {@code payload}; {@code type} becomes the protected {@code typ}. */
  public static String sign(String type, Bytes payload, SigningKey key) {
    throw new UnsupportedOperationException();
  }

  /** The payload, when {@code statement} is of this type and signed with this key; else a failure. */
  public static Bytes verify(String statement, String type, VerificationKey key) throws CryptoFailure {
    throw new UnsupportedOperationException();
  }

  /** The id of the key that claims to have signed; unverified, for looking the key up only. */
  public static KeyId claimedKey(String statement) throws CryptoFailure {
    throw new UnsupportedOperationException();
  }
}
