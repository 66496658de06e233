package org.interseal.rethinkdb;

import java.util.List;

/**
 * Is told what a feed says, and when it could not hear. All calls come from one thread, one after
 * the other. While a call runs the server queues changes, and drops the queue when it is full.
 *
 * <p>Feeds have no memory: after {@link #resumed} and after {@link #lost}, what changed in between
 * can only be found by reading.
 */
public interface ChangefeedListener {
  void changed(List<Change> changes);

  /** The server dropped changes because they were not taken fast enough. */
  void lost(String detail);

  /** The feed stopped; told again for every failed attempt to resume it. */
  void interrupted(FeedInterruption interruption);

  /**
   * The feed stands, for the first time or again: every later change will be told, or {@link
   * #interrupted} is.
   */
  void resumed();
}
