package org.interseal.bank.ledger;

import org.interseal.crypto.KeyId;
import org.interseal.protocol.message.DeviceKeys;

/**
 * What the ledger knows of a device.
 *
 * @param signingKey the id of its signing key, the only one that may sign its letters
 * @param linked an unlinked device is remembered, so that its old messages stay refused when it is
 *     linked again
 * @param revision rises with every change
 */
public record DeviceView(
    String deviceId,
    KeyId signingKey,
    DeviceKeys keys,
    long customerId,
    String deviceName,
    long linkedAtMillis,
    boolean linked,
    long revision) {
  DeviceView unlinked(long newRevision) {
    return new DeviceView(
        deviceId, signingKey, keys, customerId, deviceName, linkedAtMillis, false, newRevision);
  }
}
