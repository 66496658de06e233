package org.interseal.client;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.protocol.message.DeviceKeys;

/**
 * A device's three private keys.
 *
 * @param signing signs letters
 * @param request signs HTTP requests, and names the device
 * @param encryption opens what the bank seals to this device
 */
public record DeviceKeyRing(SigningKey signing, SigningKey request, DecryptionKey encryption) {
  public static final String SIGNING_ALIAS = "device-signing";
  public static final String REQUEST_ALIAS = "device-request";
  public static final String ENCRYPTION_ALIAS = "device-encryption";

  /** Fresh keys, Ed25519 and X-Wing. */
  public static DeviceKeyRing generate(SecureRandom random) {
    return new DeviceKeyRing(
        SigningKey.generate(SignatureAlgorithm.ED25519, random),
        SigningKey.generate(SignatureAlgorithm.ED25519, random),
        DecryptionKey.generate(random));
  }

  /**
   * The keys in a vault; fresh ones are made and stored where it has none.
   *
   * @param prefix put before the aliases, so that one vault can hold several devices; empty for one
   *     device
   * @throws IOException also when the vault holds some of the three keys only
   */
  public static DeviceKeyRing in(KeyVault vault, String prefix, SecureRandom random)
      throws IOException {
    Optional<SigningKey> signing = vault.signingKey(prefix + SIGNING_ALIAS);
    Optional<SigningKey> request = vault.signingKey(prefix + REQUEST_ALIAS);
    Optional<DecryptionKey> encryption = vault.decryptionKey(prefix + ENCRYPTION_ALIAS);
    if (signing.isPresent() && request.isPresent() && encryption.isPresent()) {
      return new DeviceKeyRing(signing.get(), request.get(), encryption.get());
    }
    // The signing key is stored last: with it the ring is complete, without it nothing was ever
    // signed.
    if (signing.isPresent()) {
      throw new IOException("the key vault holds a part of a device's keys only");
    }
    vault.delete(prefix + REQUEST_ALIAS);
    vault.delete(prefix + ENCRYPTION_ALIAS);
    DeviceKeyRing fresh = generate(random);
    vault.store(prefix + REQUEST_ALIAS, fresh.request);
    vault.store(prefix + ENCRYPTION_ALIAS, fresh.encryption);
    vault.store(prefix + SIGNING_ALIAS, fresh.signing);
    return fresh;
  }

  /** What the bank, or an approving device, is told. */
  public DeviceKeys publicKeys() {
    return new DeviceKeys(
        signing.verificationKey().spki(),
        encryption.encryptionKey().spki(),
        request.verificationKey().spki());
  }

  public String deviceId() {
    return publicKeys().deviceId();
  }
}
