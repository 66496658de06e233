package org.interseal.bank.processing;

import org.interseal.bank.inbox.InboxLimits;
import org.interseal.bank.ledger.LedgerTerms;
import org.interseal.bank.outbox.OutboxLimits;
import org.interseal.identity.BankId;

/**
 * Who this server is and how it works.
 *
 * @param node its name, as certified
 * @param terms the limits that the bank's operators want in force
 * @param workers threads for opening, and as many again for sealing
 */
public record NodeSettings(
    BankId bank,
    int partition,
    String node,
    LedgerTerms terms,
    ProcessingLimits processing,
    InboxLimits inbox,
    OutboxLimits outbox,
    int workers) {
  public NodeSettings {
    if (workers < 1) {
      throw new IllegalArgumentException("at least one worker");
    }
  }

  /**
   * The same for one partition of several. They share the bounds of what may wait in memory, so
   * that a server with more partitions needs no more of it.
   */
  NodeSettings forPartition(int number, int partitions) {
    return new NodeSettings(
        bank,
        number,
        node,
        terms,
        processing,
        inbox.sharedBy(partitions),
        outbox.sharedBy(partitions),
        workers);
  }

  public NodeSettings(BankId bank, String node, LedgerTerms terms, int workers) {
    this(
        bank,
        0,
        node,
        terms,
        ProcessingLimits.DEFAULT,
        InboxLimits.DEFAULT,
        OutboxLimits.DEFAULT,
        workers);
  }
}
