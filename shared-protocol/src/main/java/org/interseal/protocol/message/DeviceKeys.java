package org.interseal.protocol.message;

import org.interseal.crypto.Bytes;

/**
 * The public keys of a customer's device. The device id is derived from them, so that an id cannot
 * be claimed with another request key.
 *
 * @param signing SPKI of the key that signs letters (Ed25519 or P-256)
 * @param encryption SPKI of the X-Wing key that mailbox items are sealed to
 * @param request SPKI of the key that signs HTTP requests (Ed25519 or P-256), different from {@code
 *     signing}
 */
public record DeviceKeys(Bytes signing, Bytes encryption, Bytes request) {
  public DeviceKeys {
    if (signing.equals(request)) {
      throw new IllegalArgumentException("requests are signed with a key of their own");
    }
  }

  /**
   * The device id: unpadded base64url SHA-256 of the request key's SPKI, which is also the {@code
   * keyid} of its request signatures. So a gateway can tell whose mailbox a signed request may read
   * without knowing any customer.
   */
  public String deviceId() {
    return Bytes.sha256(request).toBase64Url();
  }
}
