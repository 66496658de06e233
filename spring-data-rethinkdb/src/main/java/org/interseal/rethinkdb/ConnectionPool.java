package org.interseal.rethinkdb;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of connections, made when needed. A query has a connection for itself. A
 * connection that failed is closed, and with it the idle ones to the same server, which most likely
 * died together.
 *
 * <p>Thread-safe. Closing it wakes every thread that waits in it, and closes the feeds.
 */
public final class ConnectionPool implements AutoCloseable {
  /** Most feeds of one pool. */
  public static final int MAX_FEEDS = 256;

  private final ConnectionSettings settings;
  private final Connector connector;
  private final RethinkDbObserver observer;
  private final LongSupplier nanoTime;
  private final SecureRandom random;
  private final Runnable onClose;
  private final Lifetime lifetime = new Lifetime();
  private final Semaphore permits;
  private final Deque<RethinkDbConnection> idle = new ArrayDeque<>();
  private final Set<Changefeed> feeds = new HashSet<>();

  ConnectionPool(
      ConnectionSettings settings,
      Deadlines deadlines,
      LongSupplier nanoTime,
      SecureRandom random,
      RethinkDbObserver observer,
      Runnable onClose) {
    this.settings = settings;
    this.connector = new Connector(settings, deadlines, random);
    this.observer = observer;
    this.nanoTime = nanoTime;
    this.random = random;
    this.onClose = onClose;
    this.permits = new Semaphore(settings.poolSize(), true);
  }

  /** With a timer thread of its own; connects when the first query comes. */
  public static ConnectionPool of(
      ConnectionSettings settings, SecureRandom random, RethinkDbObserver observer) {
    var timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("rethinkdb-deadlines").factory());
    timer.setRemoveOnCancelPolicy(true);
    return new ConnectionPool(
        settings, Deadlines.on(timer), System::nanoTime, random, observer, timer::shutdownNow);
  }

  public ConnectionSettings settings() {
    return settings;
  }

  /** Connections that a query has now. */
  public int inUse() {
    return settings.poolSize() - permits.availablePermits();
  }

  public int idle() {
    synchronized (idle) {
      return idle.size();
    }
  }

  /** Queries that wait for a connection, roughly. */
  public int waiting() {
    return permits.getQueueLength();
  }

  <T> T withConnection(Function<RethinkDbConnection, T> use) {
    RethinkDbConnection connection = acquire();
    boolean finished = false;
    try {
      T result = use.apply(connection);
      finished = true;
      return result;
    } catch (RethinkDbException e) {
      finished = true;
      throw e;
    } finally {
      if (!finished) {
        // A bug left it in the middle of an answer.
        connection.close();
      }
      giveBack(connection);
    }
  }

  private RethinkDbConnection acquire() {
    long start = nanoTime.getAsLong();
    boolean acquired = false;
    boolean connected = false;
    try {
      acquired = permits.tryAcquire(settings.acquireTimeout().toNanos(), TimeUnit.NANOSECONDS);
      if (!acquired) {
        throw new RethinkDbUnavailable(
            "all "
                + settings.poolSize()
                + " connections are in use for "
                + settings.acquireTimeout().toMillis()
                + " ms",
            null);
      }
      RethinkDbConnection connection = idleOne();
      if (connection == null) {
        connection = connectUntil(start + settings.acquireTimeout().toNanos());
      }
      connected = true;
      return connection;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RethinkDbUnavailable("interrupted while waiting for a connection", e);
    } finally {
      if (acquired && !connected) {
        permits.release();
      }
      observer.waitedForConnection(Duration.ofNanos(nanoTime.getAsLong() - start));
    }
  }

  private @Nullable RethinkDbConnection idleOne() {
    while (true) {
      RethinkDbConnection connection;
      synchronized (idle) {
        connection = idle.pollFirst();
      }
      if (connection == null) {
        return null;
      }
      long idleNanos = nanoTime.getAsLong() - connection.idleSince();
      if (idleNanos <= settings.checkIdleAfter().toNanos()
          || connection.answers(settings.connectTimeout())) {
        return connection;
      }
      discard(connection);
    }
  }

  private RethinkDbConnection connectUntil(long deadlineNanos) throws InterruptedException {
    for (int failures = 1; true; failures++) {
      try {
        return connector.connect(lifetime);
      } catch (RethinkDbUnavailable e) {
        Duration pause = settings.backOff().pause(failures, random);
        long left = deadlineNanos - nanoTime.getAsLong();
        if (left < pause.toNanos() || !lifetime.pause(pause)) {
          throw e;
        }
      }
    }
  }

  private void giveBack(RethinkDbConnection connection) {
    if (connection.broken() || lifetime.ended()) {
      discard(connection);
    } else {
      connection.idleSince(nanoTime.getAsLong());
      synchronized (idle) {
        idle.addFirst(connection);
      }
    }
    permits.release();
  }

  private void discard(RethinkDbConnection connection) {
    connection.close();
    connector.avoid(connection.server());
    synchronized (idle) {
      idle.removeIf(other -> {
        boolean same = other.server().equals(connection.server());
        if (same) {
          other.close();
        }
        return same;
      });
    }
  }

  void adopt(Changefeed feed) {
    synchronized (feeds) {
      if (lifetime.ended()) {
        throw new IllegalStateException("the pool is closed");
      }
      if (feeds.size() >= MAX_FEEDS) {
        throw new IllegalStateException("more than " + MAX_FEEDS + " feeds");
      }
      feeds.add(feed);
    }
  }

  void release(Changefeed feed) {
    synchronized (feeds) {
      feeds.remove(feed);
    }
  }

  /** Feeds that are open, each with a connection of its own beside the pool's. */
  public int feeds() {
    synchronized (feeds) {
      return feeds.size();
    }
  }

  Connector connector() {
    return connector;
  }

  SecureRandom random() {
    return random;
  }

  RethinkDbObserver observer() {
    return observer;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  @Override
  public void close() {
    lifetime.end();
    List<Changefeed> open;
    synchronized (feeds) {
      open = List.copyOf(feeds);
    }
    open.forEach(Changefeed::close);
    onClose.run();
  }
}
