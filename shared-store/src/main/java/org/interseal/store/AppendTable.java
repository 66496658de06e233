package org.interseal.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An insert-only table. Thread-safe. All reads are majority reads: what they return is never rolled
 * back.
 */
public interface AppendTable {
  /**
   * Inserts rows, durable once acknowledged; one outcome per row in the same order. Not atomic as a
   * whole. Never completes exceptionally for an operating error: that is {@link
   * InsertOutcome.Unknown} or {@link InsertOutcome.Failed}. Adapters batch concurrent calls.
   *
   * @param rows at most {@link StoreLimits#MAX_ROWS}
   */
  CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows);

  /**
   * The rows of a stream strictly after a position, in order of (timestamp, id). A row may become
   * visible at a position that a reader has passed already, by at most {@link
   * Store#overlapMillis()}.
   *
   * @param maxRows at most {@link StoreLimits#MAX_ROWS}; at least one row is returned when there is
   *     one. A page may be shorter than asked for and than what is there (see {@link
   *     StoreLimits#MAX_PAGE_LENGTH}): only an empty one says that the end is reached
   */
  List<Row> readAfter(String stream, Position after, int maxRows) throws StoreUnavailable;

  /**
   * As {@link #readAfter}, without bodies; up to {@link StoreLimits#MAX_REFERENCES} a call. A page
   * that is shorter than asked for is the last: references are small.
   */
  List<RowRef> referencesAfter(String stream, Position after, int maxRows) throws StoreUnavailable;

  /**
   * Rows whose id is {@code >= fromId} and starts with {@code prefix}, in id order; for chains.
   * Pages end as in {@link #readAfter}: only an empty one says that there are no more.
   *
   * @param fromId may be empty
   */
  List<Row> readById(String prefix, String fromId, int maxRows) throws StoreUnavailable;

  Optional<Row> find(String id) throws StoreUnavailable;

  /**
   * The rows with these ids that exist, in no promised order; at most {@link StoreLimits#MAX_ROWS}
   * ids.
   */
  List<Row> findAll(List<String> ids) throws StoreUnavailable;

  /**
   * Calls {@code wake} soon after rows of {@code stream} became visible, possibly late, more often
   * than needed, or for nothing. The feed may end (then {@code ended} runs once) or go mute without
   * a word. Callbacks must return at once.
   */
  Feed follow(String stream, Runnable wake, Runnable ended);

  /** As {@link #follow(String, Runnable, Runnable)} for the rows of every stream. */
  Feed followAll(java.util.function.Consumer<String> wakeStream, Runnable ended);

  /** A live subscription. Closing it is idempotent and does not call {@code ended}. */
  interface Feed extends AutoCloseable {
    @Override
    void close();
  }
}
