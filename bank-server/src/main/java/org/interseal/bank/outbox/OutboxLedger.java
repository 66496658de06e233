package org.interseal.bank.outbox;

import java.util.Optional;
import java.util.stream.Stream;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Peer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.store.StoreUnavailable;

/**
 * The newest acknowledged state of the ledger, and its blocks, as the outbox needs them.
 * Thread-safe.
 */
public interface OutboxLedger {
  /** See {@link org.interseal.bank.ledger.LedgerState#lowestUnanswered}. */
  long lowestUnanswered(Peer target);

  boolean isUnanswered(Peer target, long number);

  Stream<OutstandingTransfer> unanswered();

  /** Empty for an account that does not exist. */
  Optional<CurrencyCode> currencyOf(Iban account);

  /** The body of a block that stands; empty for a fence block. */
  Optional<BlockBody> block(long height) throws StoreUnavailable;
}
