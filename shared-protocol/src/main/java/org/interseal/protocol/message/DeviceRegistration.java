package org.interseal.protocol.message;

import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway must know of a device: the payload of a {@link
 * org.interseal.crypto.SignedStatement} by a server of the bank, which is the body of a row in
 * {@code devices}. Of the rows of a device from one partition the one with the highest revision
 * counts; partitions know nothing of each other's devices, and number for themselves.
 *
 * @param v format version, 1
 * @param revision rises with every change of the device in the partition, from 1
 * @param linked whether the device may use the bank, as far as the partition is concerned
 * @param requestKey SPKI of the key that signs its HTTP requests; none once it is unlinked
 * @param partition whose ledger says so; 0 when this is missing
 */
public record DeviceRegistration(
    int v,
    String deviceId,
    long revision,
    boolean linked,
    @Nullable Bytes requestKey,
    @Nullable Integer partition) {
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
    if (partition != null && partition < 1) {
      throw new IllegalArgumentException("only a partition above 0 is named");
    }
  }

  /** What the ledger of a partition says. */
  public static DeviceRegistration of(
      int partition, String deviceId, long revision, boolean linked, @Nullable Bytes requestKey) {
    return new DeviceRegistration(
        VERSION, deviceId, revision, linked, requestKey, partition == 0 ? null : partition);
  }

  public int ofPartition() {
    return partition == null ? 0 : partition;
  }

  /** The id of the row. */
  public String rowId() {
    Bytes device = Bytes.utf8(deviceId);
    Bytes change = Bytes.utf8(Long.toString(revision));
    return (partition == null
            ? Bytes.sha256OfFields("interseal device row v1", device, change)
            : Bytes.sha256OfFields(
                "interseal device row v1", device, change, Bytes.utf8(Integer.toString(partition))))
        .toBase64Url();
  }
}
