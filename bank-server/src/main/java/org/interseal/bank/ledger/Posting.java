package org.interseal.bank.ledger;

import org.interseal.protocol.banking.CurrencyCode;
import org.jspecify.annotations.Nullable;

/**
 * One side of a balanced entry. The postings of an event sum to zero per currency.
 *
 * @param amountMinor signed, credit positive, never zero
 * @param balanceMinor customer accounts: booked balance after this posting; else none
 * @param previousHeight customer accounts: the block that touched the account before this posting
 *     (0 for none, this block's own height for an earlier posting in it), by which a statement
 *     walks back; else none
 */
public record Posting(
    LedgerAccount account,
    CurrencyCode currency,
    long amountMinor,
    @Nullable Long balanceMinor,
    @Nullable Long previousHeight) {
  public Posting {
    boolean ofCustomer = account instanceof LedgerAccount.Customer;
    if (ofCustomer != (balanceMinor != null) || ofCustomer != (previousHeight != null)) {
      throw new IllegalArgumentException(
          "customer postings, and only these, carry balance and height");
    }
  }
}
