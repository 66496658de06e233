package org.interseal.rethinkdb;

/** Why a feed stopped. */
public record FeedInterruption(Cause cause, String detail) {
  public enum Cause {
    /** No server could be reached, or none let us in. */
    NOT_CONNECTED,
    /** The server did not accept the query. */
    REFUSED,
    /** The server ended the feed: failover, resharding, a dropped table, or without a reason. */
    ENDED_BY_SERVER,
    CONNECTION_LOST,
    /** The connection stood, but the server gave no sign of life. */
    SILENT,
    /** {@link ChangefeedListener} threw: what it was told counts as not heard. */
    LISTENER_FAILED
  }
}
