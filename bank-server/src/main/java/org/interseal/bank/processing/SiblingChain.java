package org.interseal.bank.processing;

import java.util.Optional;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.store.StoreUnavailable;

/**
 * The chain of another ledger partition of the same bank, as a writer reads it: payments between
 * partitions are read out of the source's blocks, nothing is sealed or sent.
 *
 * <p>Only blocks that stand are shown: acknowledged, or read by majority and judged by the one rule
 * that every follower applies. {@link BankNode#asSibling} shows the chain that a node writes or
 * follows, so a process that follows all chains of its bank has one for each of them. Thread-safe.
 */
public interface SiblingChain {
  /** The partition whose chain it is. */
  int partition();

  /** The newest block that stands, as far as is known here; 0 before the first. Only rises. */
  long height();

  /**
   * Whether it was followed to its end here, once at least. Before that, {@link #height} says how
   * far a start has come.
   */
  boolean isCurrent();

  /**
   * How far it has come with one reader's partition, after one block.
   *
   * @param height of that block
   * @param nextTransfer all transfers to the reader below that number are in blocks up to that one
   * @param nextAnswer all transfers of the reader below that number are answered in such blocks
   */
  record Said(long height, long nextTransfer, long nextAnswer) {}

  /** What its newest block adds up to, for the partition that reads it. */
  Said said(int reader);

  /**
   * Looks for a block that may lie far back, where it takes many reads of the store, and goes on
   * where the last call stopped.
   *
   * @param maxReads of the store, in this call
   * @return whether {@link #block} has no long way any more
   */
  boolean approach(long height, int maxReads) throws StoreUnavailable;

  /**
   * What a block holds.
   *
   * @param height from 1 to {@link #height()}
   * @return empty for a fence block, and for a block that was closed with its period: what it said
   *     and was not consumed is missed by its number
   * @throws StoreUnavailable when the block cannot be read now, whatever the reason
   */
  Optional<BlockBody> block(long height) throws StoreUnavailable;

  /**
   * Calls {@code listener} after each rise of {@link #height()}, on the chain's own thread: it must
   * return at once. A hint that keeps readers from polling in haste; nothing depends on it.
   */
  void onAdvance(Runnable listener);
}
