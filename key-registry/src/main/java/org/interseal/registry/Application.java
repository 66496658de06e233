package org.interseal.registry;

import java.time.Instant;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankLicence;
import org.jspecify.annotations.Nullable;

/**
 * A bank's application for a licence.
 *
 * @param id 16 random bytes, base64url
 * @param pkcs10 the request whose own signature proved the certifying key
 * @param challengeHash of what the bank must open to prove its encryption key
 * @param licenceNumber 0 until approved
 * @param reason of a rejection
 */
record Application(
    String id,
    BankId bank,
    Bytes pkcs10,
    VerificationKey certifyingKey,
    EncryptionKey encryptionKey,
    int partitions,
    String legalName,
    String legalForm,
    Bytes challengeHash,
    Instant appliedAt,
    State state,
    long licenceNumber,
    @Nullable String reason) {

  enum State {
    /**
     * Waits for the bank to open the challenge. Forgotten when that takes too long, and at a
     * restart.
     */
    CHALLENGED,
    /** Both keys are proved; waits for an officer. */
    PROVEN,
    APPROVED,
    REJECTED
  }

  /**
   * What a licence for this would look like; an {@link IllegalArgumentException} when it cannot be.
   */
  void requireLicensable() {
    var _ =
        new BankLicence(
            1,
            bank,
            1,
            Bytes.of(new byte[0]),
            encryptionKey.spki(),
            1,
            partitions,
            org.interseal.protocol.registry.LicenceStatus.ACTIVE,
            0,
            1,
            legalName,
            legalForm);
  }

  Application in(State next, long licence, @Nullable String why) {
    return new Application(
        id,
        bank,
        pkcs10,
        certifyingKey,
        encryptionKey,
        partitions,
        legalName,
        legalForm,
        challengeHash,
        appliedAt,
        next,
        licence,
        why);
  }
}
