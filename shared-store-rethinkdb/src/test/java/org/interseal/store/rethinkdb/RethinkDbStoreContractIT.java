package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.Table;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Position;
import org.interseal.store.Store;
import org.interseal.store.StoreContract;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real server; each test has databases of its own. */
class RethinkDbStoreContractIT extends StoreContract {
  private static final int SINGLE_INSERTS = 400;
  private static final long MAX_ANSWER_SECONDS = 30;
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

  // ---- what this adapter promises beyond the port

  @Test
  void theDatabaseItselfRefusesToChangeOrDeleteHistory() throws Exception {
    try (Store store = connectShared();
        ConnectionPool pool = cluster.adminPool()) {
      RethinkDbTemplate admin = new RethinkDbTemplate(pool);
      var _ =
          Persevering.insert(
              store.append(TableName.TRANSACTIONS), new NewRow("bank-a", "id-1", "first"));
      Table table = r.db("shared_" + number).table("transactions");
      for (ReqlExpr attack :
          List.of(
              table.get("id-1").update(Map.of("message", "second")),
              table
                  .get("id-1")
                  .replace(Map.of("id", "id-1", "bankid", "bank-b", "message", "second")),
              table.get("id-1").delete(),
              table.delete())) {
        assertThat(admin.document(attack).orElseThrow().number("errors")).isOne();
      }
      assertThat(store.append(TableName.TRANSACTIONS).find("id-1").orElseThrow().body())
          .isEqualTo("first");
    }
  }

  @Test
  void theStampIsTheStoresWhateverAClientSays() throws Exception {
    try (Store store = connectShared();
        ConnectionPool pool = cluster.adminPool()) {
      Table table = r.db("shared_" + number).table("transactions");
      var _ =
          new RethinkDbTemplate(pool)
              .insert(table, Map.of("id", "forged", "bankid", "b", "message", "m", "timestamp", 1));
      assertThat(
              store.append(TableName.TRANSACTIONS).find("forged").orElseThrow().timestampMillis())
          .isGreaterThan(store.nowMillis() - Duration.ofHours(1).toMillis());
    }
  }

  /** A document of the server is 16 MB at most, and a character up to three bytes. */
  @Test
  void theLongestBodyFitsWhateverItsCharacters() throws Exception {
    try (Store store = connectShared()) {
      AppendTable table = store.append(TableName.TRANSACTIONS);
      NewRow row = new NewRow("bank-a", "long", "\u20ac".repeat(StoreLimits.MAX_BODY_LENGTH));
      var _ = Persevering.insert(table, row);
      assertThat(table.find("long").orElseThrow().body().equals(row.body())).isTrue();
      assertThat(table.readAfter("bank-a", Position.START, 1)).hasSize(1);
    }
  }

  /** One durable on disk costs as much as hundreds in one query. */
  @Test
  void insertsThatComeTogetherTakeFewQueries() throws Exception {
    RethinkDbStoreSettings settings = RethinkDbStoreSettings.of("shared_" + number, true);
    connectShared().close();
    AtomicInteger queries = new AtomicInteger();
    RethinkDbObserver counting =
        new RethinkDbObserver() {
          @Override
          public void queryEnded(QueryEnd end, Duration time) {
            queries.incrementAndGet();
          }
        };
    try (TcpProxy proxy = new TcpProxy(Objects.requireNonNull(server).address());
        Store store =
            RethinkDbStore.open(
                settings,
                ConnectionPool.of(
                    ConnectionSettings.of(List.of(proxy.address()), "admin", Password.empty()),
                    new SecureRandom(),
                    counting))) {
      AppendTable table = store.append(TableName.TRANSACTIONS);
      proxy.delay(Duration.ofMillis(100));
      queries.set(0);
      List<CompletableFuture<List<InsertOutcome>>> answers = new ArrayList<>();
      for (int i = 0; i < SINGLE_INSERTS; i++) {
        answers.add(table.insert(List.of(new NewRow("bank-a", "single-" + i, "body"))));
      }
      for (CompletableFuture<List<InsertOutcome>> answer : answers) {
        assertThat(answer.get(MAX_ANSWER_SECONDS, TimeUnit.SECONDS))
            .hasOnlyElementsOfType(InsertOutcome.Inserted.class);
      }
      assertThat(queries.get()).isBetween(1, SINGLE_INSERTS / 10);
    }
  }

  @Test
  void aDatabaseOfAnotherKindOrNoneIsRefused() throws Exception {
    try (Store _ = connectShared()) {
      assertThatThrownBy(() -> cluster.open(RethinkDbStoreSettings.of("shared_" + number, false)))
          .isInstanceOf(DatabaseRefused.class)
          .hasMessageContaining("of kind shared");
      assertThatThrownBy(() ->
              RethinkDbStore.open(RethinkDbStoreSettings.of("nothing", true), cluster.adminPool()))
          .isInstanceOf(StoreUnavailable.class);
    }
  }

  @Test
  void creatingASchemaAgainChangesNothing() throws Exception {
    try (Store store = connectShared()) {
      var _ =
          Persevering.insert(
              store.append(TableName.TRANSACTIONS), new NewRow("bank-a", "id-1", "first"));
      cluster.create(RethinkDbStoreSettings.of("shared_" + number, true));
      assertThat(store.append(TableName.TRANSACTIONS).find("id-1")).isPresent();
    }
  }
}
