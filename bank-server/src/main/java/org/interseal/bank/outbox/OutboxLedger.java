package org.interseal.bank.outbox;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.OutgoingMessage;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.StatementBuilder;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.store.StoreUnavailable;

/**
 * The newest acknowledged state of the ledger, and its blocks, as the outbox needs them.
 * Thread-safe.
 */
public interface OutboxLedger {
  /** See {@link org.interseal.bank.ledger.LedgerState#lowestUnanswered}. */
  long lowestUnanswered(Peer target);

  boolean isUnanswered(Peer target, long number);

  /** Transfers to other banks; the bank's own partitions read each other's chains. */
  Stream<OutstandingTransfer> unanswered();

  /** Empty for an account that does not exist. */
  Optional<StatementBuilder.Newest> newest(Iban account);

  /** What each other bank may still wait for: our answers to its transfers, by number. */
  Map<Peer, List<Report>> answers();

  /** Every device that was ever linked, as gateways know it. */
  Stream<OutgoingMessage.DeviceRecord> devices();

  /** A block that stands; empty when the store has it no more. */
  Optional<WrittenBlock> written(long height) throws StoreUnavailable;

  /**
   * The body of a block that stands; empty for a fence block, and for one whose period was closed
   * and dropped.
   */
  Optional<BlockBody> block(long height) throws StoreUnavailable;
}
