package org.interseal.bank.outbox;

import java.util.List;
import org.interseal.bank.ledger.OutgoingMessage;
import org.interseal.protocol.message.ChainHead;

/**
 * What an acknowledged block owes.
 *
 * @param head the block's place and hash
 * @param attempt of the block's row
 * @param messages in the block's order; the index is part of what names a message for ever
 */
public record OutboxBlock(ChainHead head, int attempt, List<OutgoingMessage> messages) {
  public OutboxBlock {
    messages = List.copyOf(messages);
  }

  long height() {
    return head.height();
  }
}
