package org.interseal.store;

/**
 * One connected store: the federation's shared database, or one bank's own. The two have the same
 * port; a process opens one of each with its own credentials.
 */
public interface Store extends AutoCloseable {
  /** The insert-only table of that name, which exists in this database's schema. */
  AppendTable append(TableName name);

  MutableTable mutable(TableName name);

  /**
   * The store's clock, UTC milliseconds, as it would stamp a row now. Where the store is asked over
   * a network it is never ahead of the clock that was asked, which is safe for cursors, and behind
   * it by no more than this call took, or a quarter of a second.
   */
  long nowMillis() throws StoreUnavailable;

  /**
   * By how much a reader's cursor must overlap: more than the clock skew between store nodes plus
   * twice {@link #acknowledgementLimitMillis()}; 0 where stamps follow commit order.
   */
  long overlapMillis();

  /** A writer whose acknowledgement came later than this inserts again with the next attempt. */
  long acknowledgementLimitMillis();

  @Override
  void close();
}
