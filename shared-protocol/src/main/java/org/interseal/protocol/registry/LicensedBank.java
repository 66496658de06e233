package org.interseal.protocol.registry;

import java.time.Instant;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;

/**
 * A bank as its licence in force and its own statements say.
 *
 * @param licenceNumber number of the licence in force
 * @param encryptionKey what to seal to now
 * @param epoch which of the bank's encryption keys that is
 * @param encryptionKeys every encryption key that the bank was ever proven to have, with its epoch
 * @param partitions number of ledger partitions
 * @param certificate DER
 * @param certifyingKey certifies and revokes; never signs a payment
 * @param notBefore start of the licence's validity
 * @param notAfter its last instant
 */
public record LicensedBank(
    BankId bank,
    LicenceStatus status,
    long licenceNumber,
    EncryptionKey encryptionKey,
    int epoch,
    Map<KeyId, Integer> encryptionKeys,
    int partitions,
    Bytes certificate,
    VerificationKey certifyingKey,
    Instant notBefore,
    Instant notAfter,
    String legalName,
    String legalForm) {
  public LicensedBank {
    encryptionKeys = Map.copyOf(encryptionKeys);
  }

  /** Licensed, not suspended, and inside its validity. */
  public boolean usableAt(Instant at) {
    return status == LicenceStatus.ACTIVE && !at.isBefore(notBefore) && !at.isAfter(notAfter);
  }

  /** Whether an envelope to this key is, or once was, one to this bank. */
  public boolean hasEncryptionKey(KeyId key) {
    return encryptionKeys.containsKey(key);
  }
}
