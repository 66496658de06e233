package org.interseal.bank.founding;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;

/** A person who acts for the bank, with the key that this person alone has. */
public record OperatorKey(String name, SigningKey key) {
  static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");
  private static final String ALIAS = "operator";

  public OperatorKey {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "an operator's name has 1 to 32 lower-case letters, digits and hyphens");
    }
  }

  /** The key in the operator's own vault; made when there is none. */
  public static OperatorKey ensure(String name, KeyVault vault, SecureRandom random)
      throws IOException {
    if (vault.signingKey(ALIAS).isEmpty()) {
      vault.store(ALIAS, SigningKey.generate(SignatureAlgorithm.ED25519, random));
    }
    return new OperatorKey(name, vault.signingKey(ALIAS).orElseThrow());
  }

  /** What the bank registers. */
  public Operator operator() {
    return new Operator(name, key.verificationKey().spki());
  }
}
