package org.interseal.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.rethinkdb.QueryRefused.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool and what it meets: mute, slow, half-open, closed and lying servers. */
@Timeout(30)
class ConnectionPoolTest {
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  private final ManualDeadlines time = new ManualDeadlines();

  @Test
  void runsAQueryToItsLastRow() throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              var query = s.query();
              s.reply(query.token(), "{\"t\":3,\"r\":[1,2],\"n\":[]}");
              s.query();
              s.reply(query.token(), "{\"t\":3,\"r\":[3],\"n\":[]}");
              s.query();
              s.reply(query.token(), "{\"t\":2,\"r\":[4],\"n\":[]}");
              s.sayNothing();
            });
        ConnectionPool pool = pool(server)) {
      assertThat(template(pool).rows(r.expr(1), QueryOptions.SAFE)).containsExactly(1L, 2L, 3L, 4L);
      assertThat(pool.idle()).isOne();
      assertThat(time.pending()).isZero();
    }
  }

  @Test
  void asksForMajorityReadsAndHardDurability() throws Exception {
    var asked = new CompletableFuture<String>();
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              asked.complete(s.query().json());
            });
        ConnectionPool pool = pool(server)) {
      assertThatThrownBy(() -> template(pool).value(r.expr(1))).isInstanceOf(OutcomeUnknown.class);
      assertThat(asked.join())
          .contains("\"read_mode\":\"majority\"")
          .contains("\"durability\":\"hard\"");
    }
  }

  @Test
  void stopsAResultThatIsTooLong() throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              var query = s.query();
              s.reply(query.token(), "{\"t\":3,\"r\":[1,2,3],\"n\":[]}");
              assertThat(s.query().json()).isEqualTo("[3]");
              s.reply(query.token(), "{\"t\":2,\"r\":[],\"n\":[]}");
              s.answerOnes();
            });
        ConnectionPool pool = pool(server)) {
      assertThatThrownBy(() -> template(pool).rows(r.expr(1), QueryOptions.SAFE.atMost(2)))
          .isInstanceOfSatisfying(
              QueryRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.LIMIT_EXCEEDED));
      assertThat(template(pool).value(r.expr(1))).contains(1L);
      assertThat(server.accepted()).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"t\":2,\"r\":[1,2,3],\"n\":[]}",
        "{\"t\":1,\"r\":[[1,2,3]],\"n\":[]}",
        "{\"t\":3,\"r\":[1,2],\"n\":[]} {\"t\":2,\"r\":[3],\"n\":[]}"
      })
  void refusesAResultThatIsTooLongAtItsEnd(String answers) throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              for (String answer : answers.split(" ", -1)) {
                s.reply(s.query().token(), answer);
              }
              for (String answer : answers.split(" ", -1)) {
                s.reply(s.query().token(), answer);
              }
              s.answerOnes();
            });
        ConnectionPool pool = pool(server)) {
      assertThatThrownBy(() -> template(pool).rows(r.expr(1), QueryOptions.SAFE.atMost(2)))
          .isInstanceOfSatisfying(
              QueryRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.LIMIT_EXCEEDED));
      assertThat(template(pool).rows(r.expr(1), QueryOptions.SAFE.atMost(3))).hasSize(3);
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void givesAMuteServerUpWhenTimeIsOverAndUsesItsConnectionNoMore() throws Exception {
    var received = new CountDownLatch(1);
    var connections = new AtomicInteger();
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              if (connections.incrementAndGet() == 1) {
                s.query();
                received.countDown();
                s.sayNothing();
              }
              s.answerOnes();
            });
        ConnectionPool pool = pool(server)) {
      var answer = CompletableFuture.supplyAsync(() -> template(pool).value(r.expr(1)), VIRTUAL);
      received.await();
      time.expire();
      assertThatThrownBy(answer::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(OutcomeUnknown.class)
          .hasMessageContaining("no answer within");
      assertThat(pool.idle()).isZero();
      assertThat(template(pool).value(r.expr(1))).contains(1L);
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void givesUpAServerThatTricklesAnAnswer() throws Exception {
    var received = new CountDownLatch(1);
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              var query = s.query();
              s.reply(query.token(), "{\"t\":3,\"r\":[1],\"n\":[]}");
              s.query();
              received.countDown();
              s.sayNothing();
            });
        ConnectionPool pool = pool(server)) {
      var answer = CompletableFuture.supplyAsync(() -> template(pool).value(r.expr(1)), VIRTUAL);
      received.await();
      time.expire();
      assertThatThrownBy(answer::join).hasCauseInstanceOf(OutcomeUnknown.class);
    }
  }

  @Test
  void givesUpASlowLogIn() throws Exception {
    var begun = new CountDownLatch(1);
    try (FakeServer server =
            FakeServer.start(s -> {
              s.text();
              begun.countDown();
              s.sayNothing();
            });
        ConnectionPool pool =
            Fixtures.pool(
                Fixtures.settings(server.address())
                    .withTimeouts(
                        Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofNanos(1_000)),
                time)) {
      var answer = CompletableFuture.supplyAsync(() -> template(pool).value(r.expr(1)), VIRTUAL);
      begun.await();
      time.expire();
      assertThatThrownBy(answer::join).hasCauseInstanceOf(RethinkDbUnavailable.class);
      assertThat(pool.inUse()).isZero();
    }
  }

  @Test
  void givesUpAConnectionThatNobodyAccepts() throws Exception {
    // The kernel completes the connection, and nobody ever speaks on it: half open, as seen from
    // here.
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ConnectionPool pool =
            Fixtures.pool(
                Fixtures.settings(new ServerAddress("127.0.0.1", deaf.getLocalPort()))
                    .withTimeouts(
                        Duration.ofMillis(5), Duration.ofSeconds(9), Duration.ofNanos(1_000)),
                realTime())) {
      assertThatThrownBy(() -> template(pool).value(r.expr(1)))
          .isInstanceOf(RethinkDbUnavailable.class)
          .satisfies(
              e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("no answer within 5 ms"));
    }
  }

  @Test
  void triesServersInTurn() throws Exception {
    ServerAddress dead = deadAddress();
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              s.answerOnes();
            });
        ConnectionPool pool = Fixtures.pool(Fixtures.settings(dead, server.address()), time)) {
      assertThat(template(pool).value(r.expr(1))).contains(1L);
    }
  }

  @Test
  void triesAgainUntilAServerIsThere() throws Exception {
    var attempts = new AtomicInteger();
    try (FakeServer server =
            FakeServer.start(s -> {
              if (attempts.incrementAndGet() < 4) {
                return;
              }
              s.logIn();
              s.answerOnes();
            });
        ConnectionPool pool = pool(server)) {
      assertThat(template(pool).value(r.expr(1))).contains(1L);
      assertThat(server.accepted()).isEqualTo(4);
    }
  }

  @Test
  void doesNotInsistOnAWrongPassword() throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              s.text();
              s.write("{\"success\":true}");
              s.write("{\"success\":false,\"error\":\"Wrong password\",\"error_code\":12}");
            });
        ConnectionPool pool = pool(server)) {
      assertThatThrownBy(() -> template(pool).value(r.expr(1)))
          .isInstanceOf(AuthenticationRefused.class)
          .hasMessage("Wrong password");
      assertThat(server.accepted()).isOne();
      assertThat(pool.inUse()).isZero();
    }
  }

  @Test
  void refusesAServerThatDoesNotKnowThePassword() throws Exception {
    try (FakeServer server = FakeServer.start(s -> s.logIn("another"));
        ConnectionPool pool = pool(server)) {
      assertThatThrownBy(() -> template(pool).value(r.expr(1)))
          .isInstanceOf(AuthenticationRefused.class);
    }
  }

  @Test
  void saysThatAnOldOrOtherServerIsNone() throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              s.text();
              s.write("ERROR: Received an unsupported protocol version.");
            });
        ConnectionPool pool =
            Fixtures.pool(
                Fixtures.settings(server.address())
                    .withTimeouts(
                        Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofNanos(1_000)),
                time)) {
      assertThatThrownBy(() -> template(pool).value(r.expr(1)))
          .isInstanceOf(RethinkDbUnavailable.class)
          .satisfies(
              e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("not a RethinkDB server"));
    }
  }

  @Test
  void doesNotCountAnAnswerToAnotherQuery() throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              s.reply(s.query().token() + 1, "{\"t\":1,\"r\":[1]}");
              s.sayNothing();
            });
        ConnectionPool pool = pool(server)) {
      assertThatThrownBy(() -> template(pool).value(r.expr(1))).isInstanceOf(OutcomeUnknown.class);
      assertThat(pool.idle()).isZero();
    }
  }

  @Test
  void makesQueriesWaitForAConnectionAndNoLongerThanAllowed() throws Exception {
    var received = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              long token = s.query().token();
              received.countDown();
              answer.await();
              s.reply(token, "{\"t\":1,\"r\":[1]}");
              s.sayNothing();
            });
        ConnectionPool pool =
            Fixtures.pool(
                Fixtures.settings(server.address())
                    .withPoolSize(1)
                    .withTimeouts(
                        Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofMillis(300)),
                time)) {
      var first = CompletableFuture.supplyAsync(() -> template(pool).value(r.expr(1)), VIRTUAL);
      received.await();
      assertThat(pool.inUse()).isOne();
      assertThatThrownBy(() -> template(pool).value(r.expr(1)))
          .isInstanceOf(RethinkDbUnavailable.class)
          .hasMessageContaining("in use");
      answer.countDown();
      assertThat(first.join()).contains(1L);
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void triesAnIdleConnectionBeforeItTrustsIt() throws Exception {
    var connections = new AtomicInteger();
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              if (connections.incrementAndGet() == 1) {
                s.reply(s.query().token(), "{\"t\":1,\"r\":[1]}");
                return;
              }
              s.answerOnes();
            });
        ConnectionPool pool =
            Fixtures.pool(
                Fixtures.settings(server.address())
                    .withLiveness(Duration.ZERO, Duration.ofMinutes(1)),
                time)) {
      assertThat(template(pool).value(r.expr(1))).contains(1L);
      assertThat(template(pool).value(r.expr(1))).contains(1L);
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void wakesABlockedQueryWhenClosed() throws Exception {
    var received = new CountDownLatch(1);
    try (FakeServer server =
        FakeServer.start(s -> {
          s.logIn();
          s.query();
          received.countDown();
          s.sayNothing();
        })) {
      ConnectionPool pool = pool(server);
      var answer = CompletableFuture.supplyAsync(() -> template(pool).value(r.expr(1)), VIRTUAL);
      received.await();
      pool.close();
      assertThatThrownBy(answer::join).hasCauseInstanceOf(OutcomeUnknown.class);
      assertThatThrownBy(() -> template(pool).value(r.expr(1)))
          .isInstanceOf(RethinkDbUnavailable.class);
    }
  }

  @Test
  void keepsAConnectionAfterAnErrorOfTheQuery() throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              s.reply(s.query().token(), "{\"t\":18,\"e\":3100000,\"r\":[\"no such table\"]}");
              s.answerOnes();
            });
        ConnectionPool pool = pool(server)) {
      assertThatThrownBy(() -> template(pool).value(r.expr(1))).isInstanceOf(QueryRefused.class);
      assertThat(template(pool).value(r.expr(1))).contains(1L);
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void givesAnUnknownOutcomeAsAValueToInserts() throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              s.query();
            });
        ConnectionPool pool = pool(server)) {
      assertThat(template(pool).insert(r.table("t"), java.util.Map.of("id", "a")))
          .isInstanceOf(InsertOutcome.Unknown.class);
      assertThat(template(pool).insert(r.table("t"), List.of(), List.of(), QueryOptions.SAFE))
          .isEqualTo(new InsertOutcome.Answered(List.of()));
    }
  }

  private ConnectionPool pool(FakeServer server) {
    return Fixtures.pool(Fixtures.settings(server.address()), time);
  }

  private static RethinkDbTemplate template(ConnectionPool pool) {
    return new RethinkDbTemplate(pool);
  }

  private static Deadlines realTime() {
    return (delay, task) -> {
      Thread timer =
          Thread.ofVirtual()
              .start(() -> {
                java.util.concurrent.locks.LockSupport.parkNanos(delay.toNanos());
                task.run();
              });
      return () -> {
        var _ = timer;
      };
    };
  }

  private static ServerAddress deadAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new ServerAddress("127.0.0.1", socket.getLocalPort());
    }
  }
}
