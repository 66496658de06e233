package org.interseal.protocol.message;

import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;

/**
 * What a branch hands to a customer to link a first device: 80 random bits and the hash of the
 * authority's root, against which the device verifies its bank. Printed as {@code
 * IBAN.secret.root}, the last two in unpadded base64url.
 *
 * @param account the account that the device will be linked to
 * @param secret 10 random bytes
 * @param rootFingerprint SHA-256 of the root certificate's DER
 */
public record ActivationCode(Iban account, Bytes secret, Bytes rootFingerprint) {
  public static final int SECRET_BYTES = 10;

  public ActivationCode {
    if (secret.size() != SECRET_BYTES || rootFingerprint.size() != 32) {
      throw new IllegalArgumentException("not an activation code");
    }
  }

  public static ActivationCode parse(String text) {
    String[] parts = text.strip().split("\\.", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not an activation code");
    }
    return new ActivationCode(
        new Iban(parts[0]), Bytes.base64Url(parts[1]), Bytes.base64Url(parts[2]));
  }

  public String print() {
    return account.value() + "." + secret.toBase64Url() + "." + rootFingerprint.toBase64Url();
  }

  /** What the bank keeps instead of the secret. */
  public static Bytes hash(Iban account, Bytes secret) {
    return Bytes.sha256OfFields("interseal activation v1", Bytes.utf8(account.value()), secret);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "ActivationCode[" + account + "]";
  }
}
