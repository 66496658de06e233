package org.interseal.bank.outbox;

import java.util.Optional;
import org.interseal.crypto.EncryptionKey;
import org.interseal.identity.BankId;

/** Whom letters can be sealed to. Thread-safe; answers from memory. */
public interface Addresses {
  /** The key that the bank wants letters sealed to now; of a suspended bank too. */
  Optional<EncryptionKey> bank(BankId bank);

  /** The key in our branch's certificate; empty when it has none in force. */
  Optional<EncryptionKey> branch(String name);
}
