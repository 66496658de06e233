package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.store.rethinkdb.Federation.OTHER;
import static org.interseal.store.rethinkdb.Refusals.assertForbidden;

import com.rethinkdb.gen.ast.Db;
import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What no process may do to schema, hooks, users and rights, on a real server. */
class DatabaseAdministrationIT extends UsersOfADatabase {
  @ParameterizedTest
  @EnumSource
  void doesNotWriteWhatSaysWhichDatabaseItIs(ProcessKind kind) {
    for (RethinkDbStoreSettings database : opened(kind)) {
      Table format = r.db(database.database()).table(RethinkDbSchema.FORMAT);
      assertForbidden(as(kind), format.get(RethinkDbSchema.FORMAT).update(r.hashMap("version", 2)));
      assertForbidden(as(kind), format.delete());
      assertForbidden(as(kind), format.insert(r.hashMap("id", "other")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void neitherSeesNorChangesAWriteHook(ProcessKind kind) {
    for (RethinkDbStoreSettings database : opened(kind)) {
      for (TableName name : kind.tables(database.shared()).keySet()) {
        Table table = table(database, name);
        assertForbidden(as(kind), table.getWriteHook());
        assertForbidden(as(kind), table.setWriteHook((context, old, next) -> next));
        assertForbidden(as(kind), table.config().replace(config -> config.without("write_hook")));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void changesNothingOfTheSchema(ProcessKind kind) {
    RethinkDbTemplate user = as(kind);
    assertForbidden(user, r.dbCreate("planted"));
    for (RethinkDbStoreSettings database : opened(kind)) {
      Db db = r.db(database.database());
      List<ReqlExpr> attempts = new ArrayList<>();
      attempts.add(r.dbDrop(database.database()));
      attempts.add(db.config());
      attempts.add(db.tableCreate("planted"));
      for (TableName name : kind.tables(database.shared()).keySet()) {
        Table table = table(database, name);
        attempts.add(db.tableDrop(StoreFields.tableName(name)));
        attempts.add(table.indexCreate("planted"));
        attempts.add(table.indexCreate("planted", row -> row.g("body")));
        attempts.add(table.indexDrop(RethinkDbSchema.BY_STREAM));
        attempts.add(table.indexRename(RethinkDbSchema.BY_STREAM, "hidden"));
        attempts.add(table.config());
        attempts.add(
            table.config().update(r.hashMap("durability", "soft").with("write_acks", "single")));
        attempts.add(table.reconfigure().optArg("shards", 2).optArg("replicas", 1));
        attempts.add(table.rebalance());
      }
      attempts.forEach(attempt -> assertForbidden(user, attempt));
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsAndWritesNothingOfTheSystem(ProcessKind kind) {
    Db system = r.db("rethinkdb");
    for (String name :
        List.of(
            "users",
            "permissions",
            "jobs",
            "logs",
            "server_config",
            "server_status",
            "cluster_config",
            "db_config",
            "table_config",
            "table_status",
            "current_issues",
            "stats")) {
      assertForbidden(as(kind), system.table(name));
      assertForbidden(as(kind), system.table(name).delete());
    }
    String own = user(kind).name();
    assertForbidden(as(kind), system.table("users").get(own));
    assertForbidden(
        as(kind), system.table("users").get(own).update(r.hashMap("password", "easier")));
    assertForbidden(
        as(kind), system.table("users").insert(r.hashMap("id", "friend").with("password", "x")));
  }

  @ParameterizedTest
  @EnumSource
  void givesItselfNoRights(ProcessKind kind) {
    String own = user(kind).name();
    Map<String, Object> everything = Map.of("read", true, "write", true, "config", true);
    assertForbidden(as(kind), r.grant(own, everything));
    for (RethinkDbStoreSettings database : DATABASES) {
      assertForbidden(as(kind), r.db(database.database()).grant(own, everything));
      assertForbidden(
          as(kind),
          table(database, RethinkDbSchema.tables(database).getFirst()).grant(own, everything));
    }
    assertThatThrownBy(
            () -> federation.usersAs(as(kind)).make(user(kind), federation.newPassword()))
        .isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(
            () -> federation.usersAs(as(kind)).revoke(user(ProcessKind.AUTHORITY).name()))
        .isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> federation.usersAs(as(kind)).protectAdmin(federation.newPassword()))
        .isInstanceOf(StoreUnavailable.class);
  }

  @ParameterizedTest
  @EnumSource
  void makesTheServerCallNobody(ProcessKind kind) {
    assertForbidden(as(kind), r.http("http://127.0.0.1:1/"));
  }

  /** The server hides names from nobody; docs/operating/rethinkdb.md says so. */
  @ParameterizedTest
  @EnumSource
  void seesTheNamesOfAllDatabasesAndTables(ProcessKind kind) {
    assertThat(as(kind).value(r.dbList().contains(OTHER.database()))).contains(true);
    assertThat(as(kind).value(r.db(OTHER.database()).tableList().contains("blocks")))
        .contains(true);
  }
}
