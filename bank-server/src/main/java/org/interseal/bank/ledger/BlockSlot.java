package org.interseal.bank.ledger;

import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;

/**
 * A place inside a block that is being made.
 *
 * @param index running number of the item in the block
 */
public record BlockSlot(BankId bank, int partition, long height, int attempt, int index) {
  /** Sixteen bytes that name this place, for a transfer's message id. */
  public Bytes messageId() {
    return Bytes.sha256OfFields(
            "interseal place v1",
            Bytes.utf8(bank.value()),
            Bytes.utf8(partition + "." + height + "." + attempt + "." + index))
        .prefix(16);
  }
}
