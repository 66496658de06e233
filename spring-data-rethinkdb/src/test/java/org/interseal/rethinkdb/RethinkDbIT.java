package org.interseal.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rethinkdb.gen.ast.Table;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.interseal.rethinkdb.InsertOutcome.Answered;
import org.interseal.rethinkdb.InsertOutcome.Refused;
import org.interseal.rethinkdb.InsertOutcome.RowOutcome;
import org.interseal.rethinkdb.InsertOutcome.RowOutcome.Conflict;
import org.interseal.rethinkdb.InsertOutcome.RowOutcome.Failed;
import org.interseal.rethinkdb.InsertOutcome.RowOutcome.Inserted;
import org.interseal.rethinkdb.QueryRefused.Reason;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RethinkDbIT {
  private static final String DB = "test";

  private RethinkDbServer server;
  private ConnectionPool pool;
  private RethinkDbTemplate template;

  @SuppressWarnings("NullAway.Init")
  RethinkDbIT() {}

  @BeforeAll
  void start(@TempDir Path directory) {
    server = RethinkDbServer.startOrSkip(directory);
    pool = ConnectionPool.of(admin(), new SecureRandom(), RethinkDbObserver.NONE);
    template = new RethinkDbTemplate(pool);
    if (!template.rows(r.dbList(), QueryOptions.SAFE).contains(DB)) {
      var _ = template.value(r.dbCreate(DB));
    }
  }

  @AfterAll
  @SuppressWarnings("ConstantValue")
  void stop() {
    if (pool != null) {
      pool.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void tellsTheServersTime() {
    assertThat(template.serverTime()).isAfter(Instant.parse("2020-01-01T00:00:00Z"));
  }

  @Test
  void insertsOnceAndReportsTheRowInTheWay(TestInfo test) {
    Table table = table(test);
    assertThat(
            template.insert(
                table, List.of(Map.of("id", "a", "n", 1, "m", 2)), List.of("n"), QueryOptions.SAFE))
        .isEqualTo(new Answered(List.of(new Inserted(new Document(Map.of("id", "a", "n", 1L))))));
    assertThat(template.insert(table, Map.of("id", "a", "n", 7)))
        .isEqualTo(
            new Answered(List.of(new Conflict(new Document(Map.of("id", "a", "n", 1L, "m", 2L))))));
    assertThat(template.document(table.get("a")).orElseThrow().number("n")).isOne();
  }

  @Test
  void reportsOnEachDocumentOfALongInsertInTheOrderGiven(TestInfo test) {
    Table table = table(test);
    String body = "x".repeat(1_500);
    var _ = template.insert(table, Map.of("id", "row-500"));
    List<Map<String, Object>> documents =
        IntStream.range(0, 2_000)
            .<Map<String, Object>>mapToObj(i -> Map.of("id", "row-" + i, "body", body))
            .toList();
    assertThat(template.insert(table, documents, List.of(), QueryOptions.SAFE))
        .isInstanceOfSatisfying(
            Answered.class,
            answered -> {
              assertThat(answered.rows()).hasSize(2_000);
              for (int i = 0; i < 2_000; i++) {
                RowOutcome row = answered.rows().get(i);
                String id =
                    row instanceof Inserted inserted ? inserted.stored().text("id") : "row-500";
                assertThat(id).isEqualTo("row-" + i);
              }
              assertThat(answered.rows().get(500)).isInstanceOf(Conflict.class);
            });
    assertThat(template.documents(table.orderBy().optArg("index", "id"))).hasSize(2_000);
  }

  @Test
  void reportsTwinsInOneInsert(TestInfo test) {
    Table table = table(test);
    assertThat(
            template.insert(
                table,
                List.of(Map.of("id", "a", "n", 1), Map.of("id", "a", "n", 2)),
                List.of(),
                QueryOptions.SAFE))
        .isInstanceOfSatisfying(
            Answered.class,
            answered ->
                assertThat(answered.rows())
                    .hasExactlyElementsOfTypes(Inserted.class, Conflict.class));
  }

  /**
   * The server trips over its own report of a row that a hook forbade, after it has inserted the
   * others.
   */
  @Test
  void concludesNothingWhereAWriteHookForbadeARow(TestInfo test) {
    Table table = table(test);
    var _ =
        template.value(
            table.setWriteHook((context, before, after) ->
                r.branch(
                    after.g("n").eq(2),
                    r.error("two is refused"),
                    before.ne(null),
                    r.error("insert-only"),
                    after.merge(r.hashMap("at", context.g("timestamp"))))));
    assertThat(
            template.insert(
                table, List.of(Map.of("id", "a", "n", 1)), List.of("at"), QueryOptions.SAFE))
        .isInstanceOfSatisfying(
            Answered.class,
            answered ->
                assertThat(((Inserted) answered.rows().getFirst()).stored().fields().get("at"))
                    .isInstanceOf(Instant.class));
    assertThat(
            template.insert(
                table,
                List.of(Map.of("id", "b", "n", 1), Map.of("id", "c", "n", 2)),
                List.of(),
                QueryOptions.SAFE))
        .isInstanceOf(InsertOutcome.Unknown.class);
    assertThat(template.document(table.get("b"))).isPresent();
    assertThat(template.document(table.get("c"))).isEmpty();
    assertThat(template.insert(table, Map.of("id", "a", "n", 3)))
        .isInstanceOfSatisfying(
            Answered.class,
            answered -> assertThat(answered.rows()).hasExactlyElementsOfTypes(Conflict.class));
  }

  @Test
  void reportsRowsThatCannotBe(TestInfo test) {
    Table table = table(test);
    assertThat(
            template.insert(
                table,
                List.of(Map.of("id", "k".repeat(128)), Map.of("id", "a")),
                List.of(),
                QueryOptions.SAFE))
        .isInstanceOfSatisfying(
            Answered.class,
            answered ->
                assertThat(answered.rows())
                    .hasExactlyElementsOfTypes(Failed.class, Inserted.class));
  }

  @Test
  void sendsNoNumberThatTheServerWouldRound(TestInfo test) {
    Table table = table(test);
    long last = 1L << 53;
    assertThat(template.insert(table, Map.of("id", "a", "n", last + 1)))
        .isInstanceOf(Refused.class);
    assertThat(template.document(table.get("a"))).isEmpty();
    assertThatThrownBy(() -> template.value(r.expr(-last - 1))).isInstanceOf(QueryRefused.class);
    assertThat(template.insert(table, Map.of("id", "a", "n", last))).isInstanceOf(Answered.class);
    assertThat(template.document(table.get("a")).orElseThrow().number("n")).isEqualTo(last);
  }

  @Test
  void readsMoreRowsThanAnArrayOfTheServerHolds() {
    int rows = QueryOptions.DEFAULT_MAX_ROWS + 1;
    assertThat(template.rows(r.range(rows), QueryOptions.SAFE.atMost(rows))).hasSize(rows);
    for (var query : List.of(r.range(rows), r.range(rows).coerceTo("array"))) {
      assertThatThrownBy(() -> template.rows(query, QueryOptions.SAFE))
          .isInstanceOfSatisfying(
              QueryRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.LIMIT_EXCEEDED));
    }
    assertThat(template.rows(r.range(rows - 1).coerceTo("array"), QueryOptions.SAFE))
        .hasSize(rows - 1);
  }

  @Test
  void saysWhyAQueryIsRefused() {
    assertThatThrownBy(() -> template.value(r.db(DB).table("nowhere").count()))
        .isInstanceOfSatisfying(
            QueryRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.TABLE_UNAVAILABLE));
    assertThatThrownBy(() -> template.value(r.expr(Map.of("a", 1)).g("b")))
        .isInstanceOfSatisfying(
            QueryRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
    assertThatThrownBy(() -> template.value(r.error("mine")))
        .isInstanceOfSatisfying(
            QueryRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.RAISED_BY_QUERY));
    assertThatThrownBy(() -> template.value(r.expr(1).add("x")))
        .isInstanceOfSatisfying(
            QueryRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.QUERY_LOGIC));
    assertThat(template.insert(r.db(DB).table("nowhere"), Map.of("id", "a")))
        .isInstanceOf(Refused.class);
  }

  @Test
  void keepsAUserToItsPermissions(TestInfo test) {
    Table table = table(test);
    var _ =
        template.insert(
            r.db("rethinkdb").table("users"), Map.of("id", "reader=", "password", "pässword"));
    var _ = template.value(table.grant("reader=", Map.of("read", true)));
    try (ConnectionPool readers = pool("reader=", "pässword");
        ConnectionPool impostors = pool("reader=", "password")) {
      var reader = new RethinkDbTemplate(readers);
      assertThat(reader.value(table.count())).contains(0L);
      assertThat(reader.insert(table, Map.of("id", "a"))).isInstanceOf(Refused.class);
      assertThatThrownBy(() -> new RethinkDbTemplate(impostors).serverTime())
          .isInstanceOf(AuthenticationRefused.class);
    }
  }

  @Test
  void givesUpAQueryThatTakesTooLongAndGoesOn() {
    assertThatThrownBy(() ->
            template.value(
                r.range(1_000_000_000L).map(i -> i.mul(2)).sum(),
                QueryOptions.SAFE.within(Duration.ofMillis(200))))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("no answer within 200 ms");
    assertThat(template.value(r.expr(1))).contains(1L);
  }

  @Test
  void followsChanges(TestInfo test) throws InterruptedException {
    Table table = table(test);
    var heard = new FeedEvents();
    try (Changefeed _ = template.follow("it", table.changes(), heard)) {
      assertThat(heard.next()).isEqualTo("resumed");
      var _ = template.insert(table, Map.of("id", "a"));
      assertThat(heard.next()).isEqualTo("changed a");
      var _ = template.value(table.get("a").delete());
      assertThat(heard.next()).isEqualTo("gone a");
      var _ = template.value(r.db(DB).tableDrop(name(test)));
      assertThat(heard.next()).isEqualTo("interrupted ENDED_BY_SERVER");
      assertThat(heard.next()).isEqualTo("interrupted REFUSED");
    }
  }

  @Test
  void reportsChangesThatTheServerDroppedForASlowListener(TestInfo test)
      throws InterruptedException {
    Table table = table(test);
    var release = new CountDownLatch(1);
    var busy = new CountDownLatch(1);
    var lost = new CountDownLatch(1);
    var heard =
        new FeedEvents() {
          @Override
          public void changed(List<Change> changes) {
            busy.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }

          @Override
          public void lost(String detail) {
            lost.countDown();
          }
        };
    try (Changefeed _ =
        template.follow("slow", table.changes().optArg("changefeed_queue_size", 10), heard)) {
      assertThat(heard.next()).isEqualTo("resumed");
      var _ = template.insert(table, Map.of("id", "first"));
      busy.await();
      List<Map<String, Object>> many =
          IntStream.range(0, 1_000).<Map<String, Object>>mapToObj(i -> Map.of("id", i)).toList();
      var _ = template.insert(table, many, List.of(), QueryOptions.SAFE);
      release.countDown();
      lost.await();
    }
  }

  private static String name(TestInfo test) {
    return test.getTestMethod().orElseThrow().getName();
  }

  private Table table(TestInfo test) {
    var _ = template.value(r.db(DB).tableCreate(name(test)));
    var _ = template.value(r.db(DB).table(name(test)).wait_());
    return r.db(DB).table(name(test));
  }

  private ConnectionSettings admin() {
    return ConnectionSettings.of(List.of(server.address()), "admin", Password.empty());
  }

  private ConnectionPool pool(String user, String password) {
    return ConnectionPool.of(
        ConnectionSettings.of(List.of(server.address()), user, Password.of(password)),
        new SecureRandom(),
        RethinkDbObserver.NONE);
  }
}
