package org.interseal.protocol.message;

import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway must know of a device: the payload of a {@link
 * org.interseal.crypto.SignedStatement} by a server of the bank, which is the body of a row in
 * {@code devices}. Of a device's rows the one with the highest revision counts.
 *
 * @param v format version, 1
 * @param revision rises with every change of the device, from 1
 * @param linked whether the device may use the bank
 * @param requestKey SPKI of the key that signs its HTTP requests; none once it is unlinked
 */
public record DeviceRegistration(
    int v, String deviceId, long revision, boolean linked, @Nullable Bytes requestKey) {
  public static final int VERSION = 1;

  /** The {@code typ} of the signed statement. */
  public static final String STATEMENT_TYPE = "interseal-device";

  /** The stream of every row. */
  public static final String STREAM = "devices";

  public DeviceRegistration {
    if (v != VERSION) {
      throw new IllegalArgumentException("device registration of format version " + v);
    }
    if (linked != (requestKey != null)) {
      throw new IllegalArgumentException("a linked device, and no other, has a request key");
    }
  }

  /** The id of the row. */
  public String rowId() {
    return Bytes.sha256OfFields(
            "interseal device row v1", Bytes.utf8(deviceId), Bytes.utf8(Long.toString(revision)))
        .toBase64Url();
  }
}
