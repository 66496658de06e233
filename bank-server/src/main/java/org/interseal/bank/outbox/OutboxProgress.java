package org.interseal.bank.outbox;

import java.util.ArrayDeque;
import org.interseal.store.Monitor;
import org.interseal.store.RunningTime;

/** Up to which block everything owed is durable, and how much is still to do. Thread-safe. */
final class OutboxProgress {
  private static final class Block {
    final long height;
    int left;

    Block(long height, int left) {
      this.height = height;
      this.left = left;
    }
  }

  private final Monitor monitor;
  private final ArrayDeque<Block> open = new ArrayDeque<>();
  private final int maxPending;
  private long doneHeight;
  private int pending;

  OutboxProgress(long doneHeight, int maxPending, RunningTime time) {
    this.doneHeight = doneHeight;
    this.maxPending = maxPending;
    this.monitor = new Monitor(time);
  }

  /** Blocks come in the order of their heights. What it returns is called once for each message. */
  Runnable add(long height, int messages) {
    Block block = new Block(height, messages);
    monitor.change(() -> {
      open.addLast(block);
      pending += messages;
      advance();
    });
    return () -> monitor.change(() -> done(block));
  }

  private void done(Block block) {
    block.left--;
    pending--;
    advance();
  }

  private void advance() {
    while (!open.isEmpty() && open.getFirst().left == 0) {
      doneHeight = open.removeFirst().height;
    }
  }

  long doneHeight() {
    return monitor.read(() -> doneHeight);
  }

  int pending() {
    return monitor.read(() -> pending);
  }

  boolean isFull() {
    return pending() >= maxPending;
  }

  /** Waits until there is room; false when there is none in time. */
  boolean awaitRoom(long millis) throws InterruptedException {
    return monitor.awaitMillis(() -> pending < maxPending, millis);
  }

  /** Waits until nothing is left to do; false when that takes too long. */
  boolean awaitEmpty(long millis) throws InterruptedException {
    return monitor.awaitMillis(() -> pending == 0, millis);
  }
}
