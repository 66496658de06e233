package org.interseal.protocol.registry;

import java.util.Objects;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;

/**
 * A later encryption key of a bank, signed by its certifying key; counts at once, without an
 * officer.
 *
 * @param v format version, 1
 * @param number rises with every statement that the bank signs, from 1
 * @param epoch rises with every encryption key
 * @param encryptionKey SubjectPublicKeyInfo
 */
public record EncryptionEpoch(int v, BankId bank, long number, int epoch, Bytes encryptionKey)
    implements RegistryRecord {
  public EncryptionEpoch {
    RecordShape.version(v);
    RecordShape.require(number >= 1 && epoch >= 1, "numbers start at 1");
    Objects.requireNonNull(bank);
    Objects.requireNonNull(encryptionKey);
  }
}
