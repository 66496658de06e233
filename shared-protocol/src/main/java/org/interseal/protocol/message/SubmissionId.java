package org.interseal.protocol.message;

import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;

/**
 * How a submitted envelope is named: the hash of its addressee and bytes. It is the row id of
 * attempt 0 in {@code transactions}; later attempts hash their number too. Nobody can occupy an id
 * with other content.
 */
public final class SubmissionId {
  private SubmissionId() {}

  /** 43 characters of base64url. */
  public static String of(BankId bank, String envelope) {
    return rowId(bank, envelope, 0);
  }

  /** Row id of an attempt, from 0. */
  public static String rowId(BankId bank, String envelope, int attempt) {
    return Bytes.sha256OfFields(
            "interseal row v1",
            Bytes.utf8(bank.value()),
            Bytes.utf8(envelope),
            Bytes.utf8(Integer.toString(attempt)))
        .toBase64Url();
  }
}
