package org.interseal.bank.processing;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import org.interseal.bank.chain.ChainTip;
import org.interseal.crypto.Bytes;

/**
 * The hash of each block that was followed here, so that one old block can be read again and proved
 * by it. Bounded: the oldest are forgotten. Thread-safe.
 */
final class BlockIndex {
  /** 32 bytes each. */
  static final int MAX_BLOCKS = 1 << 20;

  private static final int PAGE_BLOCKS = 4_096;
  private static final int MAX_PAGES = MAX_BLOCKS / PAGE_BLOCKS;
  private static final int HASH_BYTES = 32;

  private static final class Page {
    final long firstHeight;
    final byte[] hashes = new byte[PAGE_BLOCKS * HASH_BYTES];
    int count;

    Page(long firstHeight) {
      this.firstHeight = firstHeight;
    }
  }

  private final ArrayDeque<Page> pages = new ArrayDeque<>();

  /**
   * @param start where following begins: nothing, or a snapshot
   */
  BlockIndex(ChainTip start) {
    append(start);
  }

  /** Tips come in order of height, without gaps. */
  void add(ChainTip tip) {
    append(tip);
  }

  private synchronized void append(ChainTip tip) {
    Page last = pages.peekLast();
    if (last == null || last.count == PAGE_BLOCKS) {
      last = new Page(tip.height());
      pages.addLast(last);
      if (pages.size() > MAX_PAGES) {
        pages.removeFirst();
      }
    }
    if (tip.height() != last.firstHeight + last.count) {
      throw new IllegalStateException("tip " + tip.height() + " out of order");
    }
    System.arraycopy(tip.hash().toArray(), 0, last.hashes, last.count * HASH_BYTES, HASH_BYTES);
    last.count++;
  }

  /** The hash of the block at this height, when it is remembered. */
  synchronized Optional<Bytes> hashAt(long height) {
    for (Iterator<Page> i = pages.descendingIterator(); i.hasNext(); ) {
      Page page = i.next();
      if (height >= page.firstHeight) {
        int at = (int) (height - page.firstHeight);
        if (at >= page.count) {
          return Optional.empty();
        }
        byte[] hash = new byte[HASH_BYTES];
        System.arraycopy(page.hashes, at * HASH_BYTES, hash, 0, HASH_BYTES);
        return Optional.of(Bytes.of(hash));
      }
    }
    return Optional.empty();
  }
}
