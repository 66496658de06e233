package org.interseal.bank.ledger;

import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.BranchMessage;

/**
 * How a customer's or a branch's own reference is remembered: hashes instead of text.
 *
 * @param key 16 bytes: of whom and which reference
 * @param content 16 bytes: of everything that was asked
 */
public record ReferenceMark(Bytes key, Bytes content) {
  static final int BYTES = 16;

  public ReferenceMark {
    if (key.size() != BYTES || content.size() != BYTES) {
      throw new IllegalArgumentException("a mark has 16 and 16 bytes");
    }
  }

  static ReferenceMark ofInstruction(Payment payment) {
    return new ReferenceMark(
        instructionKey(payment.debtor().account(), payment.instructionId()),
        Bytes.sha256OfFields("interseal instruction content v1", ProtocolJson.encode(payment))
            .prefix(BYTES));
  }

  static Bytes instructionKey(Iban account, String instructionId) {
    return Bytes.sha256OfFields(
            "interseal instruction v1", Bytes.utf8(account.value()), Bytes.utf8(instructionId))
        .prefix(BYTES);
  }

  static ReferenceMark ofCash(BankId bank, String branch, BranchMessage message, String reference) {
    return new ReferenceMark(
        Bytes.sha256OfFields(
                "interseal cash reference v1",
                Bytes.utf8(bank.value()),
                Bytes.utf8(branch),
                Bytes.utf8(reference))
            .prefix(BYTES),
        Bytes.sha256OfFields(
                "interseal cash content v1",
                Bytes.utf8(message.getClass().getSimpleName()),
                ProtocolJson.encode(message))
            .prefix(BYTES));
  }
}
