package org.interseal.rethinkdb.autoconfigure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.FeedInterruption;
import org.interseal.rethinkdb.RethinkDbObserver;

/** Counts what it sees. */
final class MeteredObserver implements RethinkDbObserver {
  /** In the place of a database, for the pool that is of none in particular. */
  static final String NO_DATABASE = "none";

  private final MeterRegistry registry;
  private final Map<QueryEnd, Timer> queries = new EnumMap<>(QueryEnd.class);
  private final Timer waits;

  MeteredObserver(MeterRegistry registry) {
    this.registry = registry;
    for (QueryEnd end : QueryEnd.values()) {
      queries.put(
          end,
          Timer.builder("rethinkdb.query")
              .description("Queries by how they ended")
              .tag("outcome", end.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    this.waits =
        Timer.builder("rethinkdb.pool.wait")
            .description("Time until a query had a connection")
            .register(registry);
  }

  static void bindGauges(String database, ConnectionPool pool, MeterRegistry registry) {
    List.of(
            Gauge.builder("rethinkdb.pool.in.use", pool, ConnectionPool::inUse)
                .description("Connections that a query has"),
            Gauge.builder("rethinkdb.pool.idle", pool, ConnectionPool::idle)
                .description("Connections that wait for a query"),
            Gauge.builder("rethinkdb.pool.waiting", pool, ConnectionPool::waiting)
                .description("Queries that wait for a connection"),
            Gauge.builder("rethinkdb.feeds", pool, ConnectionPool::feeds)
                .description("Feeds that are open"))
        .forEach(gauge -> {
          var _ = gauge.tag("database", database).register(registry);
        });
  }

  @Override
  public void poolOpened(String database, ConnectionPool pool) {
    bindGauges(database, pool, registry);
  }

  @Override
  public void queryEnded(QueryEnd end, Duration time) {
    Timer timer = queries.get(end);
    if (timer != null) {
      timer.record(time);
    }
  }

  @Override
  public void waitedForConnection(Duration time) {
    waits.record(time);
  }

  @Override
  public void feedResumed(String feed) {
    counter("rethinkdb.feed.resumed", "Times that a feed was established", feed).increment();
  }

  @Override
  public void feedInterrupted(String feed, FeedInterruption interruption) {
    Counter.builder("rethinkdb.feed.interrupted")
        .description("Failures of feeds, failed attempts to resume included")
        .tag("feed", feed)
        .tag("cause", interruption.cause().name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
  }

  @Override
  public void feedLost(String feed) {
    counter("rethinkdb.feed.lost", "Times that the server dropped changes", feed).increment();
  }

  private Counter counter(String name, String description, String feed) {
    return Counter.builder(name).description(description).tag("feed", feed).register(registry);
  }
}
