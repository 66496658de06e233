package org.interseal.store.rethinkdb;

import java.security.SecureRandom;
import java.util.regex.Pattern;
import org.interseal.crypto.Bytes;
import org.interseal.rethinkdb.Password;

/**
 * A password to be set: 32 random bytes in base64url, as nobody has to type it. No other form is
 * taken, so that no user gets an empty or a weak one.
 */
public final class NewPassword {
  public static final int RANDOM_BYTES = 32;

  private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]");

  private final String characters;

  private NewPassword(String characters) {
    if (!BASE64URL.matcher(characters).matches()) {
      throw new IllegalArgumentException("not " + RANDOM_BYTES + " bytes in base64url");
    }
    this.characters = characters;
  }

  public static NewPassword generate(SecureRandom random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return new NewPassword(Bytes.of(bytes).toBase64Url());
  }

  /** Refuses any other shape with {@link IllegalArgumentException}. */
  public static NewPassword of(String base64Url) {
    return new NewPassword(base64Url);
  }

  /** For logging in with it. */
  public Password password() {
    return Password.of(characters);
  }

  /** The secret itself, for the server that shall know it. */
  String reveal() {
    return characters;
  }

  @Override
  public String toString() {
    return "NewPassword[redacted]";
  }
}
