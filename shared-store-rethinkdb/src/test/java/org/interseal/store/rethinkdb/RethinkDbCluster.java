package org.interseal.store.rethinkdb;

import java.security.SecureRandom;
import java.util.List;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.store.StoreUnavailable;

/** Databases and connections on servers that a test started. */
public final class RethinkDbCluster {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<ServerAddress> servers;
  private final int replicas;

  public RethinkDbCluster(List<ServerAddress> servers, int replicas) {
    this.servers = List.copyOf(servers);
    this.replicas = replicas;
  }

  public ConnectionPool pool(String user, Password password) {
    return ConnectionPool.of(
        ConnectionSettings.of(servers, user, password), RANDOM, RethinkDbObserver.NONE);
  }

  public ConnectionPool adminPool() {
    return pool("admin", Password.empty());
  }

  /** Makes the database where it is missing. */
  public void create(RethinkDbStoreSettings settings) {
    try (ConnectionPool admin = adminPool()) {
      new RethinkDbSchema(new RethinkDbTemplate(admin)).create(settings, replicas);
    } catch (StoreUnavailable e) {
      throw new IllegalStateException(e);
    }
  }

  public RethinkDbStore open(RethinkDbStoreSettings settings) {
    try {
      return RethinkDbStore.open(settings, adminPool());
    } catch (StoreUnavailable e) {
      throw new IllegalStateException(e);
    }
  }
}
