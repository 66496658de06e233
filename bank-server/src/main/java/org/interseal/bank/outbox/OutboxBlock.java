package org.interseal.bank.outbox;

import java.util.List;
import java.util.Set;
import org.interseal.bank.ledger.OutgoingMessage;
import org.interseal.protocol.message.ChainHead;

/**
 * What an acknowledged block owes.
 *
 * @param head the block's place and hash
 * @param messages in the block's order; the index is part of what names a message for ever
 * @param evicted names of servers that the block evicts: what they signed is signed again
 */
public record OutboxBlock(ChainHead head, List<OutgoingMessage> messages, Set<String> evicted) {
  public OutboxBlock {
    messages = List.copyOf(messages);
    evicted = Set.copyOf(evicted);
  }

  long height() {
    return head.height();
  }
}
