package org.interseal.crypto;

import java.time.Instant;
import java.util.Optional;
import org.interseal.identity.Party;

/**
 * What a validated certificate chain says about its last holder.
 *
 * @param party role, bank and name, from the end certificate
 * @param key its signature key
 * @param encryptionKey the X-Wing key in the certificate's private extension; servers and branches
 *     have one
 * @param serial the certificate's serial number in hexadecimal, for revocation
 * @param notAfter end of validity
 */
public record CertifiedParty(
    Party party,
    VerificationKey key,
    Optional<EncryptionKey> encryptionKey,
    String serial,
    Instant notAfter) {}
