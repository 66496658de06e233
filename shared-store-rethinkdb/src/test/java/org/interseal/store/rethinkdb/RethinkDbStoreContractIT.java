package org.interseal.store.rethinkdb;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.Store;
import org.interseal.store.StoreContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** On a real server; each test has databases of its own. */
class RethinkDbStoreContractIT extends StoreContract {
  private static final AtomicInteger TESTS = new AtomicInteger();
  private static final Set<String> CREATED = ConcurrentHashMap.newKeySet();

  private static @Nullable RethinkDbServer server;

  @SuppressWarnings("NullAway.Init")
  private static RethinkDbCluster cluster;

  private final int number = TESTS.incrementAndGet();

  @BeforeAll
  static void start(@TempDir Path directory) {
    RethinkDbServer started = RethinkDbServer.startOrSkip(directory);
    server = started;
    cluster = new RethinkDbCluster(List.of(started.address()), 1);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static Store open(RethinkDbStoreSettings settings) {
    if (CREATED.add(settings.database())) {
      cluster.create(settings);
    }
    return cluster.open(settings);
  }

  @Override
  protected Store connectShared() {
    return open(RethinkDbStoreSettings.of("shared_" + number, true));
  }

  @Override
  protected Store connectBank() {
    return open(RethinkDbStoreSettings.of("bank_" + number, false));
  }
}
