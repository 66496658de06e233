package org.interseal.bank.inbox;

import java.util.Optional;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/** The registry as the inbox needs it. Thread-safe; answers from memory. */
public interface CertifiedNodes {
  /**
   * The key of a node whose certificate chain is valid and not revoked; of a suspended bank too.
   */
  Optional<VerificationKey> key(Party node, KeyId signingKey);

  /** Whether the bank is licensed and not suspended. */
  boolean isUsable(BankId bank);
}
