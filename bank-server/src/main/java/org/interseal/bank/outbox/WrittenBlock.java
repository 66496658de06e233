package org.interseal.bank.outbox;

import java.util.List;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.OutgoingMessage;
import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * An older block, as who sends its messages again needs it.
 *
 * @param node the server that signed it
 * @param body none for a fence block
 * @param messages what it owes, in its order
 */
public record WrittenBlock(
    Bytes hash, String node, @Nullable BlockBody body, List<OutgoingMessage> messages) {
  public WrittenBlock {
    messages = List.copyOf(messages);
  }
}
