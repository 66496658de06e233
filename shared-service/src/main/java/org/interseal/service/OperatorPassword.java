package org.interseal.service;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.interseal.crypto.Bytes;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Checks an operator's password against the content of its file: a BCrypt hash, or the password
 * itself. Comparison takes constant time. Dashboards ask every few seconds, so the last password
 * that BCrypt accepted is remembered as a MAC under a key that lives as long as this process.
 */
final class OperatorPassword {
  /** Shortest password that may stand in the file in the clear, in characters. */
  static final int MIN_PLAIN_LENGTH = 12;

  /** BCrypt reads no more than this. */
  private static final int MAX_PRESENTED_BYTES = 72;

  private final Optional<String> bcryptHash;
  private final AtomicReference<Optional<Bytes>> acceptedMac;
  private final SecretKeySpec macKey;

  OperatorPassword(char[] fileContent, SecureRandom random) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    this.macKey = new SecretKeySpec(key, "HmacSHA256");
    String content = new String(fileContent);
    if (content.startsWith("$2")) {
      this.bcryptHash = Optional.of(content);
      this.acceptedMac = new AtomicReference<>(Optional.empty());
    } else {
      if (content.length() < MIN_PLAIN_LENGTH) {
        throw new ConfigurationRefused(
            "interseal.operator.password-file holds a password shorter than "
                + MIN_PLAIN_LENGTH
                + " characters",
            "Use a longer one; a password manager's random one is best.");
      }
      this.bcryptHash = Optional.empty();
      this.acceptedMac = new AtomicReference<>(Optional.of(mac(content)));
    }
  }

  boolean accepts(CharSequence presented) {
    Bytes mac = mac(presented);
    if (acceptedMac
        .get()
        .filter(accepted -> MessageDigest.isEqual(accepted.toArray(), mac.toArray()))
        .isPresent()) {
      return true;
    }
    if (bcryptHash.isEmpty()
        || StandardCharsets.UTF_8.encode(CharBuffer.wrap(presented)).remaining()
            > MAX_PRESENTED_BYTES
        || !BCrypt.checkpw(presented.toString(), bcryptHash.get())) {
      return false;
    }
    acceptedMac.set(Optional.of(mac));
    return true;
  }

  private Bytes mac(CharSequence text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(macKey);
      mac.update(StandardCharsets.UTF_8.encode(CharBuffer.wrap(text)));
      return Bytes.of(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** Shows nothing. */
  @Override
  public String toString() {
    return "OperatorPassword[redacted]";
  }
}
