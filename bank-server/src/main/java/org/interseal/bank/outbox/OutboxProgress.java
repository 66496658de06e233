package org.interseal.bank.outbox;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

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

  private final ArrayDeque<Block> open = new ArrayDeque<>();
  private final int maxPending;
  private long doneHeight;
  private int pending;

  OutboxProgress(long doneHeight, int maxPending) {
    this.doneHeight = doneHeight;
    this.maxPending = maxPending;
  }

  /** Blocks come in the order of their heights. What it returns is called once for each message. */
  synchronized Runnable add(long height, int messages) {
    Block block = new Block(height, messages);
    open.addLast(block);
    pending += messages;
    advance();
    return () -> done(block);
  }

  private synchronized void done(Block block) {
    block.left--;
    pending--;
    advance();
    notifyAll();
  }

  private void advance() {
    while (!open.isEmpty() && open.getFirst().left == 0) {
      doneHeight = open.removeFirst().height;
    }
  }

  synchronized long doneHeight() {
    return doneHeight;
  }

  synchronized int pending() {
    return pending;
  }

  synchronized boolean isFull() {
    return pending >= maxPending;
  }

  /** Waits until there is room; false when there is none in time. */
  synchronized boolean awaitRoom(long millis) throws InterruptedException {
    return await(maxPending - 1, millis);
  }

  /** Waits until nothing is left to do; false when that takes too long. */
  synchronized boolean awaitEmpty(long millis) throws InterruptedException {
    return await(0, millis);
  }

  private synchronized boolean await(int atMost, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (pending > atMost) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
