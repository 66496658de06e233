package org.interseal.launcher.load;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.FederationStores;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw inserts beside a federation's databases leave nothing in them and nothing behind. */
class RawInsertsIT {
  private static final int ROWS = 1_000;

  private final SecureRandom random = new SecureRandom();

  @TempDir Path scratch;

  private FederationStores stores(Map<String, ?> description) throws Exception {
    Path data = Files.createDirectory(scratch.resolve("federation"));
    Files.writeString(data.resolve("federation.json"), ProtocolJson.encodeText(description));
    FederationStores stores = new FederationDirectory(data).stores(InstantSource.system());
    stores.prepareShared();
    try (Store shared = stores.openShared()) {
      assertThat(
              shared
                  .append(TableName.TRANSACTIONS)
                  .insert(List.of(new NewRow("BKAAXX00", "one", "x".repeat(1_500))))
                  .join())
          .hasSize(1);
    }
    return stores;
  }

  private void assertMeasuredWithoutATrace(FederationStores stores) throws Exception {
    assertThat(new RawInserts(stores, random).perSecond(ROWS)).isPositive();
    assertThat(stores.countRows(List.of())).containsEntry("transactions", 1L);
  }

  @Test
  void onTheEmbeddedStore() throws Exception {
    assertMeasuredWithoutATrace(stores(Map.of("v", 1, "banks", List.of(), "ports", Map.of())));
    assertThat(scratch.resolve("federation/store/scratch")).doesNotExist();
  }

  @Test
  void onRethinkDb() throws Exception {
    try (RethinkDbServer server =
            RethinkDbServer.startOrSkip(Files.createDirectory(scratch.resolve("rethinkdb")));
        ConnectionPool pool =
            ConnectionPool.of(
                ConnectionSettings.of(List.of(server.address()), "admin", Password.empty()),
                random,
                RethinkDbObserver.NONE)) {
      assertMeasuredWithoutATrace(
          stores(
              Map.of(
                  "v",
                  1,
                  "banks",
                  List.of(),
                  "ports",
                  Map.of(),
                  "rethinkdb",
                  Map.of("address", server.address().toString(), "prefix", "raw"))));
      assertThat(new RethinkDbTemplate(pool).rows(r.dbList(), QueryOptions.SAFE))
          .containsExactlyInAnyOrder("rethinkdb", "test", "raw_shared");
    }
  }
}
