package org.interseal.service;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.rethinkdb.DatabaseRefused;
import org.interseal.store.rethinkdb.RethinkDbStore;
import org.interseal.store.rethinkdb.RethinkDbStoreSettings;
import org.interseal.store.sqlite.SqliteStore;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Opens the stores of a process where its configuration says that they are. */
final class StoreOpening {
  private final IntersealProperties properties;
  private final InstantSource clock;
  private final @Nullable ConnectionPool cluster;
  private final RethinkDbObserver observer;
  private final ObjectProvider<MeterRegistry> meters;

  /**
   * @param cluster whose settings count; none for the embedded store
   */
  StoreOpening(
      IntersealProperties properties,
      InstantSource clock,
      ObjectProvider<ConnectionPool> cluster,
      ObjectProvider<RethinkDbObserver> observer,
      ObjectProvider<MeterRegistry> meters) {
    this.properties = properties;
    this.clock = clock;
    this.cluster = cluster.getIfAvailable();
    this.observer = observer.getIfAvailable(() -> RethinkDbObserver.NONE);
    this.meters = meters;
    if (this.cluster != null && properties.store().directory() != null) {
      throw new ConfigurationRefused(
          "both interseal.store.directory and rethinkdb.enabled are set",
          "Leave one out: a process has the embedded store or RethinkDB.");
    }
  }

  Store shared() {
    return cluster == null
        ? SqliteStore.openShared(properties.requireStoreDirectory().resolve("shared.db"), clock)
        : onCluster(cluster, properties.store().sharedDatabase(), true);
  }

  Store bank() {
    return cluster == null
        ? SqliteStore.openBank(
            properties.requireStoreDirectory().resolve("bank-" + properties.requireBank() + ".db"),
            clock)
        : onCluster(cluster, properties.bankDatabase(), false);
  }

  private Store onCluster(ConnectionPool configured, String database, boolean shared) {
    try {
      RethinkDbStoreSettings settings =
          RethinkDbStoreSettings.of(database, shared)
              .withMaxClockSkewMillis(properties.store().maxClockSkew().toMillis());
      // A pool of its own for each: neither waits for the other's connections.
      ConnectionPool pool = ConnectionPool.of(configured.settings(), new SecureRandom(), observer);
      RethinkDbStore store = RethinkDbStore.open(settings, pool);
      observer.poolOpened(database, pool);
      meters.ifAvailable(registry -> countKeptRows(database, store, registry));
      return store;
    } catch (StoreUnavailable | DatabaseRefused e) {
      throw new ConfigurationRefused(
          "RethinkDB: " + e.getMessage(),
          "Check rethinkdb.hosts, the user and its password file, and that the database was created.");
    }
  }

  private static void countKeptRows(String database, RethinkDbStore store, MeterRegistry registry) {
    Map<String, ToDoubleFunction<RethinkDbStore>> counts =
        Map.of(
            "put-back",
            RethinkDbStore::rowsPutBack,
            "lost",
            RethinkDbStore::rowsLost,
            "let-go",
            RethinkDbStore::rowsLetGo);
    counts.forEach((what, count) -> {
      var _ =
          FunctionCounter.builder("interseal.store.kept.rows", store, count)
              .description("Acknowledged rows that were gone, or were not looked for to the end")
              .tag("database", database)
              .tag("what", what)
              .register(registry);
    });
  }
}
