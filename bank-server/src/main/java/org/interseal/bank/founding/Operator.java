package org.interseal.bank.founding;

import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.VerificationKey;

/**
 * The public half of an operator.
 *
 * @param key SubjectPublicKeyInfo, DER
 */
public record Operator(String name, Bytes key) {
  public Operator {
    if (!OperatorKey.NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not an operator's name");
    }
    var _ = verification(key);
  }

  VerificationKey verificationKey() {
    return verification(key);
  }

  private static VerificationKey verification(Bytes spki) {
    try {
      return VerificationKey.fromSpki(spki);
    } catch (InvalidKeyMaterial e) {
      throw new IllegalArgumentException("not an operator's key", e);
    }
  }
}
