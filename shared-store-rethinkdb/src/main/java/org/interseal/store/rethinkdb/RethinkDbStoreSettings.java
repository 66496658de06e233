package org.interseal.store.rethinkdb;

import java.util.regex.Pattern;
import org.interseal.store.TableName;

/**
 * Which database a store is, and how far its cluster's clocks may be apart.
 *
 * @param database 1 to 64 characters of {@code [A-Za-z0-9_]}
 * @param shared whether it is the database that members share
 * @param maxClockSkewMillis more than the clocks of any two of the cluster's nodes are ever apart
 * @param acknowledgementLimitMillis a write that took longer is made again by its writer
 * @param feedBuffer changes that the server keeps for a feed whose follower lags, 1 to {@value
 *     #DEFAULT_FEED_BUFFER}; past that it drops them, the follower is told and reads everything
 * @param keepMillis for how long a process keeps the rows that it wrote, to put back those that the
 *     cluster acknowledged and lost
 */
public record RethinkDbStoreSettings(
    String database,
    boolean shared,
    long maxClockSkewMillis,
    long acknowledgementLimitMillis,
    int feedBuffer,
    long keepMillis) {
  /** Nodes that keep time by NTP are far closer. */
  public static final long DEFAULT_MAX_CLOCK_SKEW_MILLIS = 1_000;

  public static final long DEFAULT_ACKNOWLEDGEMENT_LIMIT_MILLIS = 2_000;

  /** The server's own. */
  public static final int DEFAULT_FEED_BUFFER = 100_000;

  /** Rows that were lost had been acknowledged seconds before. */
  public static final long DEFAULT_KEEP_MILLIS = 20_000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");

  public RethinkDbStoreSettings {
    if (!NAME.matcher(database).matches()) {
      throw new IllegalArgumentException("not a database name: " + database);
    }
    if (maxClockSkewMillis < 0 || acknowledgementLimitMillis < 1 || keepMillis < 1) {
      throw new IllegalArgumentException("limits below what can be");
    }
    if (feedBuffer < 1 || feedBuffer > DEFAULT_FEED_BUFFER) {
      throw new IllegalArgumentException("a feed buffer of " + feedBuffer);
    }
  }

  /** With the usual limits. */
  public static RethinkDbStoreSettings of(String database, boolean shared) {
    return new RethinkDbStoreSettings(
        database,
        shared,
        DEFAULT_MAX_CLOCK_SKEW_MILLIS,
        DEFAULT_ACKNOWLEDGEMENT_LIMIT_MILLIS,
        DEFAULT_FEED_BUFFER,
        DEFAULT_KEEP_MILLIS);
  }

  public RethinkDbStoreSettings withMaxClockSkewMillis(long millis) {
    return new RethinkDbStoreSettings(
        database, shared, millis, acknowledgementLimitMillis, feedBuffer, keepMillis);
  }

  public RethinkDbStoreSettings withFeedBuffer(int changes) {
    return new RethinkDbStoreSettings(
        database, shared, maxClockSkewMillis, acknowledgementLimitMillis, changes, keepMillis);
  }

  RethinkDbStoreSettings withKeepMillis(long millis) {
    return new RethinkDbStoreSettings(
        database, shared, maxClockSkewMillis, acknowledgementLimitMillis, feedBuffer, millis);
  }

  /** See {@link org.interseal.store.Store#overlapMillis()}. */
  long overlapMillis() {
    return maxClockSkewMillis + 2 * acknowledgementLimitMillis + 1;
  }

  /**
   * Nobody puts a row back that is older than this: none is sent again past its greatest age, and
   * what was sent by then has as long as rows are kept to be done.
   */
  long putBackLimitMillis() {
    return (KeptRows.MAX_AGE_FACTOR + 1) * keepMillis + maxClockSkewMillis;
  }

  void requireHere(TableName table, boolean appendOnly) {
    if (table.shared() != shared || table.appendOnly() != appendOnly) {
      throw new IllegalArgumentException(table + " is no such table of database " + database);
    }
  }
}
