package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.store.rethinkdb.Federation.BANK;
import static org.interseal.store.rethinkdb.Federation.OTHER;
import static org.interseal.store.rethinkdb.Federation.OWN;
import static org.interseal.store.rethinkdb.Federation.SHARED;

import com.rethinkdb.gen.ast.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.rethinkdb.ProcessKind.Access;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A user of each kind of process, on a real server. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UsersOfADatabase {
  static final List<RethinkDbStoreSettings> DATABASES = List.of(SHARED, OWN, OTHER);
  static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofMinutes(1);

  final AtomicInteger rows = new AtomicInteger();
  final Map<ProcessKind, ConnectionPool> pools = new EnumMap<>(ProcessKind.class);
  final Map<String, RethinkDbStore> adminStores = new HashMap<>();
  Federation federation;

  @SuppressWarnings("NullAway.Init")
  UsersOfADatabase() {}

  @BeforeAll
  void start(@TempDir Path directory) throws StoreUnavailable {
    federation = Federation.startOrSkip(directory, SHARED, OWN, OTHER);
    for (ProcessKind kind : ProcessKind.values()) {
      assertThat(federation.make(user(kind))).isEqualTo(new RethinkDbUsers.Making.Made(true));
      pools.put(kind, federation.connections(user(kind)));
    }
    for (RethinkDbStoreSettings database : DATABASES) {
      adminStores.put(
          database.database(),
          RethinkDbStore.open(database, federation.connections("admin", Password.empty())));
    }
  }

  @AfterAll
  @SuppressWarnings("ConstantValue")
  void stop() {
    adminStores.values().forEach(RethinkDbStore::close);
    pools.values().forEach(ConnectionPool::close);
    if (federation != null) {
      federation.close();
    }
  }

  static DatabaseUser user(ProcessKind kind) {
    return switch (kind) {
      case AUTHORITY -> DatabaseUser.authority();
      case BANK_FOUNDER -> DatabaseUser.founder(BANK);
      case BANK_SERVER -> DatabaseUser.server(BANK, "n1");
      case GATEWAY -> DatabaseUser.gateway(BANK, "g1");
      case BRANCH -> DatabaseUser.branch(BANK, "b1");
      case OBSERVER -> DatabaseUser.observer(BANK, "auditor");
    };
  }

  RethinkDbTemplate as(ProcessKind kind) {
    ConnectionPool pool = pools.get(kind);
    if (pool == null) {
      throw new IllegalStateException("no user for " + kind);
    }
    return new RethinkDbTemplate(pool);
  }

  static List<RethinkDbStoreSettings> opened(ProcessKind kind) {
    return kind.ofBank() ? List.of(SHARED, OWN) : List.of(SHARED);
  }

  static Table table(RethinkDbStoreSettings database, TableName name) {
    return r.db(database.database()).table(StoreFields.tableName(name));
  }

  NewRow newRow() {
    return new NewRow("stream", "row-" + rows.incrementAndGet(), "body");
  }

  RethinkDbStore asAdmin(RethinkDbStoreSettings database) {
    RethinkDbStore store = adminStores.get(database.database());
    if (store == null) {
      throw new IllegalStateException("not open: " + database);
    }
    return store;
  }

  /** A row that somebody else wrote. */
  NewRow standingRow(RethinkDbStoreSettings database, TableName name) {
    NewRow row = newRow();
    assertThat(asAdmin(database).append(name).insert(List.of(row)).join().getFirst())
        .isInstanceOf(InsertOutcome.Inserted.class);
    return row;
  }

  static List<TableName> written(ProcessKind kind, RethinkDbStoreSettings database) {
    return kind.tables(database.shared()).entrySet().stream()
        .filter(entry -> entry.getValue() == Access.WRITE)
        .map(Map.Entry::getKey)
        .toList();
  }
}
