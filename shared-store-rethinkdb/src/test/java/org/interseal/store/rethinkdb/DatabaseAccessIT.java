package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.store.rethinkdb.Federation.OTHER;
import static org.interseal.store.rethinkdb.Federation.OWN;
import static org.interseal.store.rethinkdb.Refusals.assertForbidden;
import static org.interseal.store.rethinkdb.Refusals.assertNotPermitted;
import static org.interseal.store.rethinkdb.Refusals.assertRefusedByHook;

import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.ReqlFunction3;
import com.rethinkdb.gen.ast.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.interseal.rethinkdb.Document;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the user of each kind of process may do with rows, and what it tries in vain. */
class DatabaseAccessIT extends UsersOfADatabase {
  private static List<TableName> tables(RethinkDbStoreSettings database, boolean appendOnly) {
    return RethinkDbSchema.tables(database).stream()
        .filter(name -> name.appendOnly() == appendOnly)
        .toList();
  }

  // What each must be able to do.

  @ParameterizedTest
  @EnumSource
  void readsAndFollowsTheTablesThatItMayRead(ProcessKind kind)
      throws StoreUnavailable, InterruptedException {
    for (RethinkDbStoreSettings database : opened(kind)) {
      try (RethinkDbStore store = federation.open(database, user(kind))) {
        assertThat(store.nowMillis()).isPositive();
        for (TableName name : kind.tables(database.shared()).keySet()) {
          if (name.appendOnly()) {
            assertReadsAndFollows(database, store, name);
          } else {
            assertThat(store.mutable(name).find("nobody")).isEmpty();
            assertThat(store.mutable(name).all("nobody")).isEmpty();
          }
        }
      }
    }
  }

  private void assertReadsAndFollows(
      RethinkDbStoreSettings database, RethinkDbStore store, TableName name)
      throws StoreUnavailable, InterruptedException {
    AppendTable table = store.append(name);
    CountDownLatch woken = new CountDownLatch(1);
    try (AppendTable.Feed _ = table.followAll(_ -> woken.countDown(), () -> {})) {
      NewRow row = standingRow(database, name);
      assertThat(woken.await(30, TimeUnit.SECONDS)).as("feed of %s", name).isTrue();
      assertThat(table.find(row.id())).isPresent();
      assertThat(table.findAll(List.of(row.id()))).hasSize(1);
      assertThat(table.readAfter(row.stream(), Position.START, 10)).isNotEmpty();
      assertThat(table.referencesAfter(row.stream(), Position.START, 10)).isNotEmpty();
      assertThat(table.readById("row-", "", 10)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesTheTablesThatItMayWrite(ProcessKind kind) throws StoreUnavailable {
    for (RethinkDbStoreSettings database : opened(kind)) {
      try (RethinkDbStore store = federation.open(database, user(kind))) {
        for (TableName name : written(kind, database)) {
          if (name.appendOnly()) {
            NewRow row = newRow();
            assertThat(store.append(name).insert(List.of(row)).join().getFirst())
                .isInstanceOf(InsertOutcome.Inserted.class);
            assertThat(store.append(name).insert(List.of(row)).join().getFirst())
                .isInstanceOf(InsertOutcome.AlreadyThere.class);
          } else {
            String id = newRow().id();
            store.mutable(name).put(id, "one");
            assertThat(store.mutable(name).compareAndSet(id, 1, "two")).isTrue();
            assertThat(store.mutable(name).compareAndSet(id, 1, "three")).isFalse();
            assertThat(store.mutable(name).find(id).orElseThrow().body()).isEqualTo("two");
          }
        }
      }
    }
  }

  // What is refused.

  @ParameterizedTest
  @EnumSource
  void doesNotReadOrFollowAnyOtherTable(ProcessKind kind) {
    for (RethinkDbStoreSettings database : DATABASES) {
      for (TableName name : RethinkDbSchema.tables(database)) {
        boolean may =
            opened(kind).contains(database) && kind.tables(database.shared()).containsKey(name);
        if (!may) {
          Table table = table(database, name);
          assertForbidden(as(kind), table.count());
          assertForbidden(as(kind), table.get("row-1"));
          assertForbidden(as(kind), table.info());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void doesNotWriteAnyOtherTable(ProcessKind kind) {
    for (RethinkDbStoreSettings database : DATABASES) {
      for (TableName name : RethinkDbSchema.tables(database)) {
        if (!opened(kind).contains(database) || !written(kind, database).contains(name)) {
          Table table = table(database, name);
          assertForbidden(as(kind), table.insert(r.hashMap("id", "intruder")));
          assertForbidden(as(kind), table.get("row-1").update(r.hashMap("body", "forged")));
          assertForbidden(as(kind), table.delete());
          assertForbidden(as(kind), table.sync());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void doesNothingInAnotherBanksDatabase(ProcessKind kind) {
    assertThatThrownBy(() -> federation.open(OTHER, user(kind)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("does not have the required `read` permission");
    assertForbidden(
        as(kind), r.db(OTHER.database()).table(RethinkDbSchema.FORMAT).get(RethinkDbSchema.FORMAT));
    assertForbidden(as(kind), r.db(OTHER.database()).config());
    assertForbidden(as(kind), r.db(OTHER.database()).tableCreate("planted"));
    assertForbidden(
        as(kind),
        r.range(1)
            .forEach(_ -> table(OTHER, TableName.MAILBOX).insert(r.hashMap("id", "planted"))));
  }

  @Test
  void theAuthorityOpensNoBanksDatabase() {
    assertThatThrownBy(() -> federation.open(OWN, DatabaseUser.authority()))
        .isInstanceOf(StoreUnavailable.class);
  }

  @ParameterizedTest
  @EnumSource
  void changesNoRowThatStandsInAnInsertOnlyTable(ProcessKind kind) throws StoreUnavailable {
    for (RethinkDbStoreSettings database : opened(kind)) {
      for (TableName name :
          written(kind, database).stream().filter(TableName::appendOnly).toList()) {
        NewRow row = standingRow(database, name);
        Document before =
            federation.admin.document(table(database, name).get(row.id())).orElseThrow();
        attempts(table(database, name), row.id())
            .forEach(attempt -> assertRefusedByHook(as(kind), attempt));
        for (ReqlExpr write : hookLess(table(database, name), row.id())) {
          assertForbidden(as(kind), write);
        }
        assertThat(federation.admin.document(table(database, name).get(row.id()))).contains(before);
      }
    }
  }

  private static List<ReqlExpr> attempts(Table table, String id) {
    Map<String, Object> forged =
        Map.of("id", id, "stream", "stream", "body", "forged", "timestamp", 1);
    List<ReqlExpr> attempts = new ArrayList<>();
    attempts.add(table.get(id).update(r.hashMap("body", "forged")));
    attempts.add(table.get(id).update(r.hashMap("timestamp", 1)));
    attempts.add(table.get(id).replace(forged));
    attempts.add(table.get(id).delete());
    attempts.add(table.get(id).delete().optArg("durability", "soft"));
    attempts.add(table.getAll(id).update(r.hashMap("body", "forged")));
    attempts.add(table.filter(r.hashMap("id", id)).replace(row -> row.without("body")));
    attempts.add(table.getAll(id).delete());
    attempts.add(table.insert(forged).optArg("conflict", "replace"));
    attempts.add(table.insert(forged).optArg("conflict", "update"));
    attempts.add(
        table
            .insert(forged)
            .optArg("conflict", (ReqlFunction3) (key, old, next) -> next.merge(r.hashMap("x", 1))));
    attempts.add(r.expr(List.of(id)).forEach(each -> table.get(each).delete()));
    return attempts;
  }

  private static List<ReqlExpr> hookLess(Table table, String id) {
    return List.of(
        table.get(id).update(r.hashMap("body", "forged")).optArg("ignore_write_hook", true),
        table.get(id).delete().optArg("ignore_write_hook", true),
        table
            .insert(r.hashMap("id", id))
            .optArg("conflict", "replace")
            .optArg("ignore_write_hook", true),
        table
            .insert(r.hashMap("id", "fresh").with("timestamp", 1))
            .optArg("ignore_write_hook", true));
  }

  @ParameterizedTest
  @EnumSource
  void hasItsRowsStampedByTheServerWhateverItWrites(ProcessKind kind) {
    for (RethinkDbStoreSettings database : opened(kind)) {
      for (TableName name :
          written(kind, database).stream().filter(TableName::appendOnly).toList()) {
        for (Object forged : List.of(1, 99_999_999_999_999L, "now", r.now())) {
          StoreFields fields = StoreFields.of(name);
          NewRow row = newRow();
          Document result =
              as(kind)
                  .document(
                      table(database, name)
                          .insert(
                              r.hashMap("id", row.id())
                                  .with(fields.stream(), row.stream())
                                  .with(fields.body(), row.body())
                                  .with("timestamp", forged)))
                  .orElseThrow();
          assertThat(result.number("inserted")).isOne();
          Document stored = as(kind).document(table(database, name).get(row.id())).orElseThrow();
          assertThat(
                  Math.abs(
                      stored.number("timestamp") - federation.admin.serverTime().toEpochMilli()))
              .isLessThan(MAX_CLOCK_DIFFERENCE.toMillis());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesNoRowThatReadersWouldStumbleOver(ProcessKind kind) throws StoreUnavailable {
    for (RethinkDbStoreSettings database : opened(kind)) {
      for (TableName name :
          written(kind, database).stream().filter(TableName::appendOnly).toList()) {
        NewRow before = standingRow(database, name);
        for (Map<String, Object> junk : junk(StoreFields.of(name))) {
          assertRefusedByHook(as(kind), table(database, name).insert(junk));
        }
        NewRow after = standingRow(database, name);
        assertThat(asAdmin(database).append(name).findAll(List.of(before.id(), after.id())))
            .hasSize(2);
        assertThat(asAdmin(database).append(name).readById("row-", after.id(), 1)).isNotEmpty();
      }
    }
  }

  private List<Map<String, Object>> junk(StoreFields fields) {
    String id = newRow().id();
    Map<String, Object> whole = Map.of("id", id, fields.stream(), "stream", fields.body(), "body");
    List<Map<String, Object>> junk = new ArrayList<>();
    junk.add(Map.of("id", id));
    junk.add(but(whole, "id", 7));
    junk.add(but(whole, "id", ""));
    junk.add(but(whole, "id", "row 1"));
    junk.add(but(whole, "id", "row-1\n"));
    junk.add(but(whole, fields.stream(), 7));
    junk.add(but(whole, fields.stream(), List.of("stream")));
    junk.add(but(whole, fields.stream(), "s".repeat(97)));
    junk.add(but(whole, fields.body(), 7));
    junk.add(but(whole, fields.body(), Map.of("text", "body")));
    junk.add(but(whole, "more", "x".repeat(100_000)));
    return junk;
  }

  private static Map<String, Object> but(Map<String, Object> whole, String field, Object value) {
    Map<String, Object> other = new HashMap<>(whole);
    other.put(field, value);
    return other;
  }

  @ParameterizedTest
  @EnumSource
  void changesNoRowIntoOneThatItsOwnerCannotChangeBack(ProcessKind kind) throws StoreUnavailable {
    for (RethinkDbStoreSettings database : opened(kind)) {
      for (TableName name :
          written(kind, database).stream().filter(name -> !name.appendOnly()).toList()) {
        String id = newRow().id();
        asAdmin(database).mutable(name).put(id, "body");
        var row = table(database, name).get(id);
        assertRefusedByHook(as(kind), row.update(r.hashMap("body", "forged")));
        assertRefusedByHook(
            as(kind), row.update(r.hashMap("body", "forged").with("version", 1L << 53)));
        assertRefusedByHook(as(kind), row.update(r.hashMap("body", "forged").with("version", "2")));
        assertRefusedByHook(as(kind), row.update(r.hashMap("body", 7).with("version", 2)));
        assertRefusedByHook(as(kind), row.update(r.hashMap("more", 7).with("version", 2)));
        assertRefusedByHook(as(kind), row.replace(old -> old.without("version")));
        assertRefusedByHook(
            as(kind), table(database, name).insert(r.hashMap("id", "x y").with("version", 1)));
        asAdmin(database).mutable(name).put(id, "again");
        assertThat(asAdmin(database).mutable(name).find(id).orElseThrow().version()).isEqualTo(2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void removesNoRowOfATableThatChanges(ProcessKind kind) throws StoreUnavailable {
    for (RethinkDbStoreSettings database : opened(kind)) {
      for (TableName name : tables(database, false)) {
        if (written(kind, database).contains(name)) {
          String id = newRow().id();
          asAdmin(database).mutable(name).put(id, "body");
          assertRefusedByHook(as(kind), table(database, name).get(id).delete());
          assertForbidden(
              as(kind), table(database, name).get(id).delete().optArg("ignore_write_hook", true));
          assertThat(asAdmin(database).mutable(name).find(id)).isPresent();
        }
      }
    }
  }

  @Test
  void aReaderIsToldThatItMayNotWrite() throws StoreUnavailable {
    try (RethinkDbStore store = federation.open(OWN, user(ProcessKind.GATEWAY))) {
      assertNotPermitted(
          store.append(TableName.MAILBOX).insert(List.of(newRow())).join().getFirst());
      assertNotPermitted(
          store.append(TableName.BLOCKS).insert(List.of(newRow())).join().getFirst());
    }
  }
}
