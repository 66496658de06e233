package org.interseal.protocol.registry;

import java.time.Instant;
import java.util.Optional;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.identity.Party;

/**
 * A node certificate that a bank published at some time, for who lists them.
 *
 * @param key which the node signs with
 * @param from when the certificate and those above it are valid, inclusive
 * @param until inclusive
 * @param revoked whether the bank revoked it
 * @param underPresentKey whether it stands under the bank's certifying key in force
 */
public record CertifiedNode(
    Party party,
    KeyId key,
    Optional<EncryptionKey> encryptionKey,
    Instant from,
    Instant until,
    boolean revoked,
    boolean underPresentKey) {}
