package org.interseal.simulation;

import java.util.Map;
import java.util.Optional;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;

/**
 * What a bank was founded with; never changes.
 *
 * @param partitions of its ledger
 * @param nextEncryption what the servers have for the next epoch
 * @param servers the signature key of each server, by name
 */
record Bank(
    BankId id,
    int partitions,
    SigningKey certifying,
    Bytes certificate,
    DecryptionKey encryption,
    DecryptionKey nextEncryption,
    SecretKey256 period,
    Map<String, SigningKey> servers,
    SigningKey branch,
    DecryptionKey branchEncryption) {
  static final String BRANCH = "main";
  private static final String PERIOD = "1";

  SigningKey server(String name) {
    return java.util.Objects.requireNonNull(servers.get(name));
  }

  /** One period, whose key everybody has. */
  PeriodKeys periods() {
    return new PeriodKeys() {
      @Override
      public String currentPeriod() {
        return PERIOD;
      }

      @Override
      public Optional<SecretKey256> key(String periodId) {
        return periodId.equals(PERIOD) ? Optional.of(period) : Optional.empty();
      }
    };
  }
}
