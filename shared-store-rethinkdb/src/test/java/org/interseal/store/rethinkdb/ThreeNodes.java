package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.Table;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.Document;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.rethinkdb.testing.RethinkDbProcess;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Assumptions;

/** A cluster of three server processes; every table has a replica on each. */
final class ThreeNodes implements AutoCloseable {
  static final int NODES = 3;

  private static final String ADMIN = "admin";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final QueryOptions PATIENT = QueryOptions.SAFE.within(Duration.ofMinutes(1));

  private final List<RethinkDbProcess> nodes;

  private ThreeNodes(List<RethinkDbProcess> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  static ThreeNodes startOrSkip(Path directory) {
    Optional<RethinkDbProcess> first = RethinkDbProcess.startIfInstalled(directory);
    Assumptions.assumeTrue(first.isPresent(), "skipped: no rethinkdb on the PATH");
    List<RethinkDbProcess> started = new ArrayList<>(List.of(first.orElseThrow()));
    try {
      while (started.size() < NODES) {
        started.add(
            started.getFirst().startPeer(directory.resolve(Integer.toString(started.size()))));
      }
      return new ThreeNodes(started);
    } catch (RuntimeException e) {
      started.forEach(RethinkDbProcess::close);
      throw e;
    }
  }

  List<RethinkDbProcess> nodes() {
    return nodes;
  }

  /** The addresses of all, this one first. */
  List<ServerAddress> addressesFrom(RethinkDbProcess first) {
    List<ServerAddress> addresses = new ArrayList<>();
    int at = nodes.indexOf(first);
    for (int i = 0; i < nodes.size(); i++) {
      addresses.add(nodes.get((at + i) % nodes.size()).address());
    }
    return addresses;
  }

  RethinkDbProcess after(RethinkDbProcess node) {
    return nodes.get((nodes.indexOf(node) + 1) % nodes.size());
  }

  void create(RethinkDbStoreSettings settings) {
    new RethinkDbCluster(addressesFrom(nodes.getFirst()), NODES).create(settings);
  }

  /** With the time-outs that services have, connected to this node as long as that can be. */
  RethinkDbStore open(RethinkDbStoreSettings settings, RethinkDbProcess first) {
    return open(settings, ConnectionSettings.of(addressesFrom(first), ADMIN, Password.empty()));
  }

  /** As {@link #open}, but that this node is reached by another way alone. */
  RethinkDbStore openThrough(
      RethinkDbStoreSettings settings, ServerAddress way, RethinkDbProcess node) {
    List<ServerAddress> addresses = addressesFrom(node);
    addresses.set(0, way);
    return open(settings, ConnectionSettings.of(addresses, ADMIN, Password.empty()));
  }

  /** With short time-outs, and connected to this node alone. */
  static RethinkDbStore openImpatiently(RethinkDbStoreSettings settings, RethinkDbProcess node) {
    return open(
        settings,
        ConnectionSettings.of(List.of(node.address()), ADMIN, Password.empty())
            .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)));
  }

  private static RethinkDbStore open(
      RethinkDbStoreSettings settings, ConnectionSettings connections) {
    try {
      return RethinkDbStore.open(settings, pool(connections));
    } catch (StoreUnavailable e) {
      throw new IllegalStateException(e);
    }
  }

  private static ConnectionPool pool(ConnectionSettings connections) {
    return ConnectionPool.of(connections, RANDOM, RethinkDbObserver.NONE);
  }

  /** Something that an operator does. */
  @FunctionalInterface
  interface AdminWork<T> {
    T with(RethinkDbTemplate admin, Table table);
  }

  <T> T administer(
      RethinkDbStoreSettings settings, TableName name, RethinkDbProcess at, AdminWork<T> work) {
    try (ConnectionPool pool =
        pool(ConnectionSettings.of(List.of(at.address()), ADMIN, Password.empty()))) {
      return work.with(new RethinkDbTemplate(pool), table(settings, name));
    }
  }

  private static Table table(RethinkDbStoreSettings settings, TableName name) {
    return r.db(settings.database()).table(StoreFields.tableName(name));
  }

  /** The node that takes the writes of a table, which has one shard. */
  RethinkDbProcess primaryOf(RethinkDbStoreSettings settings, TableName name) {
    return administer(
        settings,
        name,
        nodes.getFirst(),
        (admin, table) -> {
          var primary = table.status().g("shards").nth(0).g("primary_replicas").nth(0);
          Document server =
              admin
                  .document(
                      r.db("rethinkdb")
                          .table("server_status")
                          .filter(row -> row.g("name").eq(primary))
                          .nth(0)
                          .g("network"))
                  .orElseThrow();
          return nodes.stream()
              .filter(node -> node.address().port() == server.number("reql_port"))
              .findFirst()
              .orElseThrow();
        });
  }

  /** Waits until every node has all of the database's tables. */
  void awaitReady(RethinkDbStoreSettings settings) {
    var _ =
        administer(
            settings,
            TableName.TRANSACTIONS,
            nodes.getFirst(),
            (admin, _) ->
                admin.rows(
                    r.db(settings.database()).wait_().optArg("wait_for", "all_replicas_ready"),
                    PATIENT));
  }

  @Override
  public void close() {
    nodes.forEach(RethinkDbProcess::close);
  }
}
