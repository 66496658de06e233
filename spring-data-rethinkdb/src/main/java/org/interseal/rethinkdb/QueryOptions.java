package org.interseal.rethinkdb;

import java.time.Duration;
import java.util.Optional;

/**
 * How a query runs.
 *
 * @param timeout in place of the configured one
 * @param maxRows a result of more is refused
 * @param cutAfterBytes a sequence ends after the server's batch that takes its JSON past this many
 *     bytes
 */
public record QueryOptions(
    ReadMode readMode,
    Durability durability,
    Optional<Duration> timeout,
    int maxRows,
    long cutAfterBytes) {
  /** The server's own bound for arrays. */
  public static final int DEFAULT_MAX_ROWS = 100_000;

  /** What a read may return. */
  public enum ReadMode {
    /** What a majority of the replicas has on disk: never rolled back. */
    MAJORITY("majority"),
    /** What the primary replica has in memory. */
    SINGLE("single"),
    /** What any replica has. */
    OUTDATED("outdated"),
    /** What the node that is asked has itself, for administrators who compare nodes. */
    DIRECT("_debug_direct");

    private final String term;

    ReadMode(String term) {
      this.term = term;
    }

    String term() {
      return term;
    }
  }

  /** When a write is acknowledged. */
  public enum Durability {
    /** When it is on disk. */
    HARD("hard"),
    /** When it is in memory. */
    SOFT("soft");

    private final String term;

    Durability(String term) {
      this.term = term;
    }

    String term() {
      return term;
    }
  }

  /** Majority reads, hard durability, the configured time-out. */
  public static final QueryOptions SAFE =
      new QueryOptions(
          ReadMode.MAJORITY, Durability.HARD, Optional.empty(), DEFAULT_MAX_ROWS, Long.MAX_VALUE);

  public QueryOptions {
    if (maxRows < 1 || cutAfterBytes < 1) {
      throw new IllegalArgumentException(
          "at most " + maxRows + " rows and " + cutAfterBytes + " bytes");
    }
  }

  public QueryOptions within(Duration time) {
    return new QueryOptions(readMode, durability, Optional.of(time), maxRows, cutAfterBytes);
  }

  public QueryOptions atMost(int rows) {
    return new QueryOptions(readMode, durability, timeout, rows, cutAfterBytes);
  }

  public QueryOptions reading(ReadMode mode) {
    return new QueryOptions(mode, durability, timeout, maxRows, cutAfterBytes);
  }

  public QueryOptions writing(Durability kind) {
    return new QueryOptions(readMode, kind, timeout, maxRows, cutAfterBytes);
  }

  public QueryOptions cutAfter(long bytes) {
    return new QueryOptions(readMode, durability, timeout, maxRows, bytes);
  }
}
