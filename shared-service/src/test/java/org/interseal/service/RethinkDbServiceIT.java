package org.interseal.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.AppendTable;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.rethinkdb.RethinkDbCluster;
import org.interseal.store.rethinkdb.RethinkDbStoreSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** A service whose stores are on a real RethinkDB server. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RethinkDbServiceIT {
  private static final String SHARED = "interseal";
  private static final String BANK = "bank_bkabxx00";
  private static final long MAX_WAKE_SECONDS = 20;

  private RethinkDbServer server;
  private ConfigurableApplicationContext context;

  @SuppressWarnings("NullAway.Init")
  RethinkDbServiceIT() {}

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    server = RethinkDbServer.startOrSkip(directory);
    RethinkDbCluster cluster = new RethinkDbCluster(List.of(server.address()), 1);
    cluster.create(RethinkDbStoreSettings.of(SHARED, true));
    cluster.create(RethinkDbStoreSettings.of(BANK, false));
    context =
        SmallService.start(
            directory,
            List.of(
                "--rethinkdb.enabled=true",
                "--rethinkdb.hosts=127.0.0.1:" + server.address().port()),
            "interseal.store.directory=");
  }

  @AfterAll
  @SuppressWarnings("ConstantValue")
  void stop() {
    if (context != null) {
      context.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private double gauge(String name, String database) {
    return context.getBean(MeterRegistry.class).get(name).tag("database", database).gauge().value();
  }

  @Test
  void gaugesMeasureThePoolsAndFeedsOfBothStores() throws Exception {
    Store shared = context.getBean("sharedStore", Store.class);
    AppendTable table = shared.append(TableName.TRANSACTIONS);
    Semaphore woken = new Semaphore(0);
    AppendTable.Feed feed = table.follow("stream", woken::release, () -> {});
    try {
      assertThat(gauge("rethinkdb.feeds", SHARED)).isOne();
      assertThat(gauge("rethinkdb.feeds", BANK)).isZero();
      assertThat(gauge("rethinkdb.pool.idle", SHARED)).isPositive();
      assertThat(gauge("rethinkdb.pool.idle", BANK)).isPositive();
      assertThat(gauge("rethinkdb.pool.in.use", SHARED)).isZero();
      assertThat(gauge("rethinkdb.pool.waiting", SHARED)).isZero();
      woken.drainPermits();
      var _ =
          table
              .insert(List.of(new NewRow("stream", "row", "body")))
              .get(MAX_WAKE_SECONDS, TimeUnit.SECONDS);
      assertThat(woken.tryAcquire(MAX_WAKE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      feed.close();
    }
    MeterRegistry registry = context.getBean(MeterRegistry.class);
    assertThat(registry.get("rethinkdb.query").tag("outcome", "answered").timer().count())
        .isPositive();
    assertThat(registry.get("rethinkdb.pool.wait").timer().count()).isPositive();
    assertThat(
            registry
                .get("rethinkdb.feed.resumed")
                .tag("feed", "transactions-stream")
                .counter()
                .count())
        .isOne();
  }

  @Test
  void keptRowsAreCountedForBothStores() {
    for (String database : List.of(SHARED, BANK)) {
      for (String what : List.of("put-back", "lost", "let-go")) {
        assertThat(
                context
                    .getBean(MeterRegistry.class)
                    .get("interseal.store.kept.rows")
                    .tag("database", database)
                    .tag("what", what)
                    .functionCounter()
                    .count())
            .isZero();
      }
    }
  }

  @Test
  void everyPartOfItsHealthIsUp() {
    assertThat(context.getBeansOfType(HealthIndicator.class))
        .containsKeys(
            "rethinkDbHealthIndicator", "sharedStoreHealthIndicator", "bankStoreHealthIndicator");
    context
        .getBeansOfType(HealthIndicator.class)
        .forEach((name, indicator) ->
            assertThat(indicator.health())
                .as(name)
                .isNotNull()
                .satisfies(health -> assertThat(health.getStatus()).isEqualTo(Status.UP)));
    assertThat(gauge("rethinkdb.pool.idle", "none")).isOne();
  }
}
