package org.interseal.rethinkdb;

/**
 * The server, or this client before it sent anything, said no. Of a query with several writes some
 * may have happened all the same, except where {@link Reason#beforeAnyEffect()}.
 */
public final class QueryRefused extends RethinkDbException {
  private static final long serialVersionUID = 1L;

  /** The server's kinds of errors, and what this client refuses itself. */
  public enum Reason {
    /** The query is no valid query; a fault of the client. */
    MALFORMED,
    /** Longer than the server takes; it was not sent. */
    TOO_LARGE,
    INTERNAL,
    /** An array or a result beyond a limit. */
    LIMIT_EXCEEDED,
    QUERY_LOGIC,
    /** A row or field is not there. */
    NOT_FOUND,
    /**
     * The table or database is not there, or cannot do it now, for example without a majority of
     * its replicas.
     */
    TABLE_UNAVAILABLE,
    /** The query's own {@code r.error}. */
    RAISED_BY_QUERY,
    PERMISSION;

    /** Whether it is certain that nothing was written, however many writes the query had. */
    public boolean beforeAnyEffect() {
      return this == MALFORMED || this == TOO_LARGE;
    }
  }

  private final Reason reason;

  QueryRefused(Reason reason, String message) {
    super(message, null);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
