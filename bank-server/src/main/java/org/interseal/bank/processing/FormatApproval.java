package org.interseal.bank.processing;

import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;

/**
 * What a bank says before its servers write blocks of a later format version; a statement signed by
 * its certifying key, carried by the header of such a block with the bank's certificate behind it.
 *
 * @param v format version of the statement, 1
 * @param format of blocks
 */
record FormatApproval(int v, BankId bank, int format) {
  static final int VERSION = 1;
  static final String STATEMENT_TYPE = "interseal-block-format";

  /**
   * Whether it proves itself; what the directory has read does not matter.
   *
   * @param text {@code <statement>.<certificate of the bank, base64url>}
   */
  static boolean approves(BankId bank, int format, String text, BankDirectory directory) {
    int cut = text.lastIndexOf('.');
    if (cut < 0) {
      return false;
    }
    try {
      Bytes certificate = Bytes.base64Url(text.substring(cut + 1));
      Optional<Bytes> signed =
          directory.signedByBank(bank, STATEMENT_TYPE, text.substring(0, cut), certificate);
      return signed.isPresent()
          && ProtocolJson.decode(signed.get(), FormatApproval.class)
              .equals(new FormatApproval(VERSION, bank, format));
    } catch (IllegalArgumentException | MalformedMessage e) {
      return false;
    }
  }
}
