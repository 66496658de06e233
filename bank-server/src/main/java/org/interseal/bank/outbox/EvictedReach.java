package org.interseal.bank.outbox;

import java.util.Set;
import org.interseal.bank.ledger.BlockBody;

/**
 * Of the blocks of a chain, from the newest down: whose messages an evicted server may have sent,
 * or may have said that they were sent. What its own blocks say of that is not believed: it began
 * by sending what its predecessors had left, as the last block before it that another server made
 * says. For one thread.
 */
final class EvictedReach {
  private final Set<String> servers;

  /** What blocks from here on owe. */
  private long sentFrom;

  /** Nobody else was met yet below a block of an evicted server. */
  private boolean open;

  /**
   * @param height of the block that evicts them
   */
  EvictedReach(Set<String> servers, long height) {
    this.servers = Set.copyOf(servers);
    this.sentFrom = height;
  }

  /** Whether the block's messages are signed again; to be asked of each block, downwards. */
  boolean covers(long height, WrittenBlock block) {
    if (servers.contains(block.node())) {
      open = true;
      return true;
    }
    BlockBody body = block.body();
    if (open && body != null) {
      open = false;
      sentFrom = Math.min(sentFrom, body.outboxDoneHeight() + 1);
    }
    return open || height >= sentFrom;
  }
}
