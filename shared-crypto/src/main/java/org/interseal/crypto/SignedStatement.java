package org.interseal.crypto;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A statement that is public but signed: JWS compact (RFC 7515) with a {@code typ} of its own, so
 * that no statement can be passed off as another kind, nor as the inside of an envelope.
 *
 * <p>Protected header, in this one spelling: {@code {"alg":…,"kid":…,"typ":…,"v":1}}.
 */
public final class SignedStatement {
  /** Longest statement, in characters. */
  public static final int MAX_LENGTH = 4 * 1024 * 1024;

  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private SignedStatement() {}

  /**
   * Signs {@code payload}; {@code type} ({@code [A-Za-z0-9._-]{1,64}}) becomes the protected {@code
   * typ}.
   */
  public static String sign(String type, Bytes payload, SigningKey key) {
    checkType(type);
    VerificationKey author = key.verificationKey();
    byte[] header =
        CompactJws.ascii(
            "{\"alg\":\""
                + author.algorithm().joseName()
                + "\",\"kid\":\""
                + author.id().value()
                + "\",\"typ\":\""
                + type
                + "\",\"v\":1}");
    int length = CompactJws.length(header.length, payload.size());
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException("a statement of " + length + " characters");
    }
    byte[] out = new byte[length];
    CompactJws.signInto(out, header, payload.shared(), key);
    return new String(out, StandardCharsets.ISO_8859_1);
  }

  /**
   * The payload, when {@code statement} is of this type and signed with this key; else a failure.
   */
  public static Bytes verify(String statement, String type, VerificationKey key)
      throws CryptoFailure {
    checkType(type);
    Claimed claimed = parse(statement);
    if (!claimed.type.equals(type)) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
    if (!claimed.key.equals(key.id())) {
      throw new CryptoFailure(CryptoFailure.Reason.UNKNOWN_AUTHOR);
    }
    if (!claimed.algorithm.equals(key.algorithm().joseName()) || !claimed.jws.verifies(key)) {
      throw new CryptoFailure(CryptoFailure.Reason.BAD_SIGNATURE);
    }
    return Bytes.owning(claimed.jws.payload());
  }

  /** The id of the key that claims to have signed; unverified, for looking the key up only. */
  public static KeyId claimedKey(String statement) throws CryptoFailure {
    return parse(statement).key;
  }

  /** The type that it claims to be of; unverified, for choosing how to verify it only. */
  public static String claimedType(String statement) throws CryptoFailure {
    return parse(statement).type;
  }

  private record Claimed(CompactJws jws, String algorithm, KeyId key, String type) {}

  private static Claimed parse(String statement) throws CryptoFailure {
    if (statement.length() > MAX_LENGTH) {
      throw new CryptoFailure(CryptoFailure.Reason.TOO_LARGE);
    }
    try {
      CompactJws jws = CompactJws.parse(CompactJws.ascii(statement), statement.length());
      CanonicalReader reader = new CanonicalReader(jws.header());
      reader.expect("{\"alg\":\"");
      String algorithm = reader.text(16);
      reader.expect("\",\"kid\":\"");
      KeyId key = new KeyId(reader.text(43));
      reader.expect("\",\"typ\":\"");
      String type = reader.text(64);
      reader.expect("\",\"v\":1}");
      reader.expectEnd();
      return new Claimed(jws, algorithm, key, type);
    } catch (IllegalArgumentException e) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
  }

  private static void checkType(String type) {
    if (!TYPE.matcher(type).matches() || type.equals(LetterCodec.TYPE)) {
      throw new IllegalArgumentException("not a type of a statement: " + type);
    }
  }
}
