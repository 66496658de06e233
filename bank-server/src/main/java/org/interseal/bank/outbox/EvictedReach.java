package org.interseal.bank.outbox;

import java.util.HashSet;
import java.util.Set;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerEvent;
import org.jspecify.annotations.Nullable;

/**
 * Of the blocks of a chain, from the newest down: whose messages an evicted server may have sent,
 * or may have said that they were sent. What its own blocks say of that is not believed: it began
 * by sending what its predecessors had left, as the last block before it that another server made
 * says. Where it may have sent, or signed again, what an earlier eviction asked for, that is done
 * once more. For one thread.
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
    this.servers = new HashSet<>(servers);
    this.sentFrom = height;
  }

  /** Whether the block's messages are signed again; to be asked of each block, downwards. */
  boolean covers(long height, WrittenBlock block) {
    boolean covered = isCovered(height, block);
    if (covered) {
      addEvictedBy(block.body());
    }
    return covered;
  }

  private void addEvictedBy(@Nullable BlockBody body) {
    if (body == null) {
      return;
    }
    for (LedgerEvent event : body.events()) {
      if (event instanceof LedgerEvent.ServerEvicted eviction) {
        servers.add(eviction.node());
      }
    }
  }

  private boolean isCovered(long height, WrittenBlock block) {
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
