package org.interseal.bank.ledger;

import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.store.Position;
import org.jspecify.annotations.Nullable;

/**
 * The content of a block, as JSON under the block's encryption.
 *
 * @param v format version, 1
 * @param timeMillis ledger time: never before the previous block's
 * @param registryVersion version of the registry's records that decisions in here relied on
 * @param cursor everything in {@code transactions} up to here (less the store's overlap) is
 *     consumed
 * @param consumed references of the inputs, in order
 * @param events in order
 * @param owed messages that this block owes
 * @param outboxDoneHeight up to this height everything owed was sent
 * @param snapshot a snapshot of the state after an earlier block, or none
 */
public record BlockBody(
    int v,
    long timeMillis,
    long registryVersion,
    Position cursor,
    List<String> consumed,
    List<LedgerEvent> events,
    List<Owed> owed,
    long outboxDoneHeight,
    @Nullable SnapshotRef snapshot) {
  public static final int VERSION = 1;

  /** Most inputs consumed by one block. */
  public static final int MAX_ITEMS = 1_000;

  /** Largest body, in bytes of JSON. */
  public static final int MAX_BYTES = 1024 * 1024;

  public BlockBody {
    consumed = List.copyOf(consumed);
    events = List.copyOf(events);
    owed = List.copyOf(owed);
  }

  /** Whether it holds evictions and nothing else, so that it may take the chain over. */
  public boolean onlyEvicts() {
    return !events.isEmpty()
        && events.stream().allMatch(event -> event instanceof LedgerEvent.ServerEvicted)
        && owed.isEmpty()
        && snapshot == null;
  }

  /**
   * A snapshot that can be trusted because a block names it.
   *
   * @param height the block after which it was taken
   * @param chunkIds ids of its rows in {@code snapshots}, in order, each the hash of its chunk
   * @param opening when it opens a period
   */
  public record SnapshotRef(long height, List<String> chunkIds, @Nullable Opening opening) {
    public SnapshotRef {
      chunkIds = List.copyOf(chunkIds);
    }

    /** A snapshot that opens no period. */
    public SnapshotRef(long height, List<String> chunkIds) {
      this(height, chunkIds, null);
    }

    /** Whether it is the same state in the same rows. */
    public boolean isOf(long stateHeight, List<String> ids) {
      return height == stateHeight && chunkIds.equals(ids);
    }
  }

  /**
   * Closes the periods before: the chain can be followed from the snapshot's block on by whoever
   * has the keys of this period and later ones, and everything that blocks up to the snapshot's
   * {@code outboxDoneHeight} owed was sent.
   *
   * @param period under whose key the snapshot and all blocks after that height are
   * @param hash of the block after which the snapshot was taken
   * @param fence of that block
   */
  public record Opening(String period, Bytes hash, long fence) {}
}
