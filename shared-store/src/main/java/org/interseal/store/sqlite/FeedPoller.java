package org.interseal.store.sqlite;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.interseal.store.TableName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes followers for what other processes commit: asks {@code PRAGMA data_version} every few
 * milliseconds, for as long as anybody follows. Any failure ends all feeds.
 */
final class FeedPoller {
  private static final long MIN_INTERVAL_MILLIS = 2;
  private static final long MAX_INTERVAL_MILLIS = 10;

  /** So many polls without news before the interval grows by a millisecond. */
  private static final int QUIET_POLLS = 100;

  private static final Logger log = LoggerFactory.getLogger(FeedPoller.class);

  private static final long MAX_STOP_MILLIS = 10_000;

  private final Path file;
  private final Feeds feeds;
  private final Thread thread;

  FeedPoller(Path file, Feeds feeds) {
    this.file = file;
    this.feeds = feeds;
    this.thread =
        Thread.ofPlatform().name("store-feeds-" + file.getFileName()).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Waits until this poller has closed its connection, which it does once the feeds are closed. */
  void awaitEnd() {
    if (Thread.currentThread().equals(thread)) {
      return; // A follower closes its store from its own wake-up.
    }
    try {
      if (!thread.join(Duration.ofMillis(MAX_STOP_MILLIS))) {
        log.warn("the feeds of {} did not end in time", file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (feeds.awaitFollowers()) {
        follow();
      }
    } catch (InterruptedException e) {
      log.warn("the feeds of {} were interrupted", file);
      feeds.end(null);
    }
  }

  private void follow() {
    try (Session session = Session.openReader(file)) {
      long seen = -1;
      long interval = MIN_INTERVAL_MILLIS;
      int quiet = 0;
      while (!feeds.followedTables().isEmpty()) {
        // What was committed while somebody began to follow changes no version any more.
        boolean lookAnyway = feeds.followersCame();
        long version = session.queryLong("PRAGMA data_version");
        if (version != seen || lookAnyway) {
          seen = version;
          if (scan(session)) {
            interval = MIN_INTERVAL_MILLIS;
          }
        } else if (++quiet % QUIET_POLLS == 0) {
          interval = Math.min(interval + 1, MAX_INTERVAL_MILLIS);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(interval));
      }
    } catch (SQLException e) {
      log.warn("the feeds of {} ended", file, e);
      feeds.end(null);
    }
  }

  /** Says whether there was anything that no follower had been woken for. */
  private boolean scan(Session session) throws SQLException {
    boolean news = false;
    for (TableName table : feeds.followedTables()) {
      AppendSql sql = AppendSql.of(table);
      OptionalLong mark = feeds.wokenUpTo(table);
      long last = session.queryLong(sql.lastRowId());
      if (mark.isEmpty()) {
        continue; // The last follower just left.
      }
      if (mark.getAsLong() > last) {
        feeds.foundAnything(table, last, streams(session, sql, 0, last));
      } else if (last > mark.getAsLong()) {
        feeds.found(table, mark.getAsLong(), last, streams(session, sql, mark.getAsLong(), last));
        news = true;
      }
    }
    return news;
  }

  private static List<String> streams(Session session, AppendSql sql, long after, long upTo)
      throws SQLException {
    PreparedStatement query = session.statement(sql.streamsSince());
    query.setLong(1, after);
    query.setLong(2, upTo);
    List<String> streams = new ArrayList<>();
    try (ResultSet result = query.executeQuery()) {
      while (result.next()) {
        streams.add(result.getString(1));
      }
    }
    return streams;
  }
}
