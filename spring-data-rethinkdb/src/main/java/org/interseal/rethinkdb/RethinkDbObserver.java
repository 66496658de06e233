package org.interseal.rethinkdb;

import java.time.Duration;

/** Sees what happens, for metrics. Called on the threads that do the work, so it must not block. */
public interface RethinkDbObserver {
  /** How a query ended. */
  enum QueryEnd {
    ANSWERED,
    REFUSED,
    UNKNOWN,
    /** No connection; nothing was sent. */
    NOT_SENT
  }

  /** Sees nothing. */
  RethinkDbObserver NONE = new RethinkDbObserver() {};

  /**
   * A pool of its own for one database is open, with this observer. Called by who opened it; pools
   * of no database in particular are not told of.
   */
  default void poolOpened(String database, ConnectionPool pool) {}

  default void queryEnded(QueryEnd end, Duration time) {}

  /** A query got a connection, or none, after this time. */
  default void waitedForConnection(Duration time) {}

  default void feedResumed(String feed) {}

  default void feedInterrupted(String feed, FeedInterruption interruption) {}

  default void feedLost(String feed) {}
}
