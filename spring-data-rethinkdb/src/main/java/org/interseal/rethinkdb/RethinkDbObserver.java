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

  default void queryEnded(QueryEnd end, Duration time) {}

  /** A query got a connection, or none, after this time. */
  default void waitedForConnection(Duration time) {}

  default void feedResumed(String feed) {}

  default void feedInterrupted(String feed, FeedInterruption interruption) {}

  default void feedLost(String feed) {}
}
