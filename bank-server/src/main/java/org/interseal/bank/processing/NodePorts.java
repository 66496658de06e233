package org.interseal.bank.processing;

import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.interseal.bank.chain.NodeTrust;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.SigningKey;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;

/**
 * What a server needs from outside. It closes none of them.
 *
 * @param shared the federation's database
 * @param own the bank's database
 * @param signingKey certified for this node
 * @param decryptionKeys the bank's encryption keys, of every epoch that this node has; answers from
 *     memory
 */
public record NodePorts(
    Store shared,
    Store own,
    BankDirectory directory,
    SigningKey signingKey,
    Function<KeyId, Optional<DecryptionKey>> decryptionKeys,
    KeyRefresh keyRefresh,
    PeriodKeys periods,
    NodeTrust trust,
    InstantSource clock,
    SecureRandom random,
    MeterRegistry meters) {
  /** Unwraps what was wrapped to this node since the last time. */
  @FunctionalInterface
  public interface KeyRefresh {
    void refresh() throws StoreUnavailable;
  }
}
