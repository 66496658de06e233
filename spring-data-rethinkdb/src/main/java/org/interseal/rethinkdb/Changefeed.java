package org.interseal.rethinkdb;

import com.rethinkdb.ast.Query;
import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.model.OptArgs;
import java.time.Duration;
import org.interseal.rethinkdb.FeedInterruption.Cause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A changefeed that goes on until it is closed. Whatever ends it, and the end of its stream too, is
 * an interruption, after which it is resumed with growing pauses.
 *
 * <p>Closing it wakes its thread, wherever that is blocked, and waits for it; after that the
 * listener is not called any more. A listener may close its own feed.
 */
public final class Changefeed implements AutoCloseable {
  /** How long closing waits for a listener that does not return. */
  private static final Duration MAX_CLOSE_WAIT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Changefeed.class);

  private final String name;
  private final ReqlExpr changes;
  private final OptArgs options;
  private final ChangefeedListener listener;
  private final ConnectionPool pool;
  private final Lifetime lifetime = new Lifetime();
  private final Thread thread;
  private int failures;

  private Changefeed(
      String name,
      ReqlExpr changes,
      OptArgs options,
      ChangefeedListener listener,
      ConnectionPool pool) {
    this.name = name;
    this.changes = changes;
    this.options = options;
    this.listener = listener;
    this.pool = pool;
    this.thread =
        Thread.ofPlatform().daemon().name("rethinkdb-feed-" + name).unstarted(this::runUntilClosed);
  }

  static Changefeed start(
      String name,
      ReqlExpr changes,
      OptArgs options,
      ChangefeedListener listener,
      ConnectionPool pool) {
    Changefeed feed = new Changefeed(name, changes, options, listener, pool);
    pool.adopt(feed);
    feed.thread.start();
    return feed;
  }

  private void runUntilClosed() {
    while (!lifetime.ended()) {
      FeedInterruption interruption = hear();
      if (!lifetime.ended()) {
        report(interruption);
      }
      try {
        if (!lifetime.pause(pool.settings().backOff().pause(failures, pool.random()))) {
          return;
        }
      } catch (InterruptedException e) {
        // Only a listener can have interrupted its own thread; the way to end a feed is to close
        // it.
        report(new FeedInterruption(Cause.LISTENER_FAILED, "the feed's thread was interrupted"));
      }
    }
  }

  private FeedInterruption hear() {
    failures++;
    RethinkDbConnection connection;
    try {
      connection = pool.connector().connect(lifetime);
    } catch (RethinkDbUnavailable | AuthenticationRefused e) {
      return new FeedInterruption(Cause.NOT_CONNECTED, String.valueOf(e.getMessage()));
    }
    try (connection) {
      var session =
          new FeedSession(connection, pool.connector().deadlines(), pool.settings().heartbeat());
      var interruption =
          session.hear(
              Query.createStart(FeedSession.TOKEN, changes, options).serialize(), new Reporter());
      if (session.provedAlive()) {
        failures = 1;
      }
      if (interruption.cause() == Cause.SILENT || interruption.cause() == Cause.CONNECTION_LOST) {
        pool.connector().avoid(connection.server());
      }
      return interruption;
    }
  }

  private void report(FeedInterruption interruption) {
    pool.observer().feedInterrupted(name, interruption);
    try {
      listener.interrupted(interruption);
    } catch (RuntimeException e) {
      // There is nobody else to tell, and a feed that ended here would be mute without a word.
      LOG.error("the listener of feed {} failed on {}", name, interruption, e);
    }
  }

  /** Passes on what is heard, unless the feed was closed. */
  private final class Reporter implements FeedSession.Hearer {
    @Override
    public void stands() {
      pool.observer().feedResumed(name);
      listener.resumed();
    }

    @Override
    public void heard(FeedBatch batch) {
      if (!batch.changes().isEmpty() && !lifetime.ended()) {
        listener.changed(batch.changes());
      }
      for (String detail : batch.losses()) {
        if (!lifetime.ended()) {
          pool.observer().feedLost(name);
          listener.lost(detail);
        }
      }
    }
  }

  boolean running() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    lifetime.end();
    pool.release(this);
    if (!Thread.currentThread().equals(thread)) {
      awaitEnd();
    }
  }

  private void awaitEnd() {
    try {
      if (!thread.join(MAX_CLOSE_WAIT)) {
        throw new IllegalStateException("the listener of feed " + name + " did not return");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
