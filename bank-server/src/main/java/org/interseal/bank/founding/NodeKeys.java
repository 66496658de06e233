package org.interseal.bank.founding;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;

/**
 * The public half of a node's own keys.
 *
 * @param encryption servers and branches have one; a gateway opens nothing
 */
public record NodeKeys(Party node, VerificationKey signing, Optional<EncryptionKey> encryption) {
  public static final String SIGNING_ALIAS = "node-signing";
  public static final String ENCRYPTION_ALIAS = "node-encryption";

  /** The keys in the node's vault; those that are missing are made. */
  public static NodeKeys ensure(Party node, KeyVault vault, SecureRandom random)
      throws IOException {
    if (vault.signingKey(SIGNING_ALIAS).isEmpty()) {
      vault.store(SIGNING_ALIAS, SigningKey.generate(SignatureAlgorithm.ED25519, random));
    }
    boolean opens = node.role() != PartyRole.GATEWAY;
    if (opens && vault.decryptionKey(ENCRYPTION_ALIAS).isEmpty()) {
      vault.store(ENCRYPTION_ALIAS, DecryptionKey.generate(random));
    }
    return new NodeKeys(
        node,
        vault.signingKey(SIGNING_ALIAS).orElseThrow().verificationKey(),
        opens
            ? vault.decryptionKey(ENCRYPTION_ALIAS).map(DecryptionKey::encryptionKey)
            : Optional.empty());
  }
}
