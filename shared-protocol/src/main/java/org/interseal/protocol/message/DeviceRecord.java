package org.interseal.protocol.message;

import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.NewRow;

/**
 * What gateways must know of a device: whether it is linked. The row in {@code devices} holds it as a {@link
 * SignedStatement} of a server of the bank. The device id commits to the request key, so no key is in it.
 *
 * <p>It only admits requests: whether a letter counts is decided by the ledger. Of several records of a device the
 * highest revision counts.
 *
 * @param v format version, 1
 * @param deviceId 43 characters of base64url
 * @param revision rises with every change of this device, from 1; a block decides it
 * @param linked whether the device may submit messages
 */
public record DeviceRecord(int v, BankId bank, String deviceId, long revision, boolean linked) {
  public static final int VERSION = 1;

  /** The stream of all device records in {@code devices}. */
  public static final String STREAM = "devices";

  private static final String STATEMENT_TYPE = "interseal-device";

  public DeviceRecord {
    if (v != VERSION) {
      throw new IllegalArgumentException("device record of format version " + v);
    }
    if (Bytes.base64Url(deviceId).size() != 32) {
      throw new IllegalArgumentException("a device id is a SHA-256");
    }
    if (revision < 1) {
      throw new IllegalArgumentException("revisions start at 1");
    }
  }

  /** The row body, signed by a server of the bank. */
  public String signed(SigningKey server) {
    return SignedStatement.sign(STATEMENT_TYPE, ProtocolJson.encode(this), server);
  }

  /** Reads a row body that {@code server} signed. */
  public static DeviceRecord verified(String body, VerificationKey server)
      throws CryptoFailure, MalformedMessage {
    return ProtocolJson.decode(
        SignedStatement.verify(body, STATEMENT_TYPE, server), DeviceRecord.class);
  }

  /**
   * The row to insert, as {@code DurableInsert} asks for it.
   *
   * @param body of {@link #signed}
   * @param attempt from 0
   */
  public static NewRow row(String body, int attempt) {
    String id =
        Bytes.sha256OfFields(
                "interseal device row v1", Bytes.utf8(body), Bytes.utf8(Integer.toString(attempt)))
            .toBase64Url();
    return new NewRow(STREAM, id, body);
  }
}
