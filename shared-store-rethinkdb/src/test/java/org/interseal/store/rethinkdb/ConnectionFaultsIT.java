package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.interseal.rethinkdb.BackOff;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The network between clients and a server fails in every way that a TCP connection can. */
@Timeout(120)
class ConnectionFaultsIT {
  private static final RethinkDbStoreSettings SETTINGS = RethinkDbStoreSettings.of("faults", true);
  private static final Duration QUERY_LIMIT = Duration.ofSeconds(2);
  private static final Duration PATIENT_QUERY_LIMIT = Duration.ofSeconds(5);
  private static final int POOL_SIZE = 4;
  private static final long MAX_ANSWER_SECONDS = 20;
  private static final int STRIKES = 4;
  private static final int MANY_STRIKES = 10;
  private static final long STRIKE_MILLIS = 700;

  /** Both ways together: later than a writer may be told. */
  private static final Duration DELAY = Duration.ofMillis(1_100);

  private static final Duration DELAYED = Duration.ofSeconds(6);

  // How long feeds may take to live again, beside what the operators' guide says.
  private static final long MAX_LIVE_SECONDS = 10; // 1 to 2.3 s
  private static final long MAX_REFUSED_SECONDS = 23; // 7.6 s
  private static final long MAX_DELAYED_SECONDS = 24; // 8.1 s

  private static @Nullable RethinkDbServer server;

  @SuppressWarnings("NullAway.Init")
  private static RethinkDbCluster cluster;

  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

  @SuppressWarnings("NullAway.Init")
  private TcpProxy proxy;

  @BeforeAll
  static void startServer(@TempDir Path directory) {
    RethinkDbServer found = RethinkDbServer.startOrSkip(directory);
    server = found;
    cluster = new RethinkDbCluster(List.of(found.address()), 1);
    cluster.create(SETTINGS);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void startProxy() {
    proxy = new TcpProxy(Objects.requireNonNull(server).address());
  }

  @AfterEach
  void stopProxy() {
    later.shutdownNow();
    proxy.close();
  }

  private RethinkDbStore open(Duration queryLimit) {
    var settings =
        ConnectionSettings.of(List.of(proxy.address()), "admin", Password.empty())
            .withPoolSize(POOL_SIZE)
            .withTimeouts(Duration.ofSeconds(1), queryLimit, Duration.ofSeconds(3))
            .withBackOff(new BackOff(Duration.ofMillis(50), Duration.ofMillis(500)))
            .withLiveness(Duration.ofMillis(200), Duration.ofMillis(500));
    try {
      return RethinkDbStore.open(
          SETTINGS, ConnectionPool.of(settings, new SecureRandom(), RethinkDbObserver.NONE));
    } catch (StoreUnavailable e) {
      throw new IllegalStateException(e);
    }
  }

  private FaultScene scene(Duration queryLimit) throws InterruptedException {
    return new FaultScene(() -> open(queryLimit), () -> open(queryLimit));
  }

  /** The same again and again, a few at most. */
  private void strike(int times, Runnable fault) throws Exception {
    for (int i = 0; i < times; i++) {
      later.schedule(fault, STRIKE_MILLIS, TimeUnit.MILLISECONDS).get();
    }
  }

  private void losesNothing(String fault, int strikes, Runnable strike) throws Exception {
    try (FaultScene scene = scene(QUERY_LIMIT)) {
      strike(strikes, strike);
      scene.awaitLive("since the last", System.nanoTime(), MAX_LIVE_SECONDS);
      scene.awaitSomeRows();
      scene.verify(fault);
      assertThat(scene.unknownOutcomes()).isPositive();
    }
  }

  @Test
  void losesNothingWhenConnectionsAreReset() throws Exception {
    losesNothing("connections reset %d times".formatted(MANY_STRIKES), MANY_STRIKES, proxy::drop);
  }

  @Test
  void losesNothingWhenAnswersAreLost() throws Exception {
    losesNothing(
        "answers lost on all connections %d times".formatted(STRIKES),
        STRIKES,
        proxy::swallowAnswers);
  }

  @Tag("slow")
  @Test
  void losesNothingWhenQueriesAreLost() throws Exception {
    losesNothing(
        "queries lost on all connections %d times".formatted(STRIKES),
        STRIKES,
        proxy::swallowQueries);
  }

  @Tag("slow")
  @Test
  void losesNothingWhenTheServersSideIsClosedSilently() throws Exception {
    losesNothing(
        "server's side closed silently %d times".formatted(STRIKES),
        STRIKES,
        proxy::closeServersSide);
  }

  /** The end of the stream, after which the server still hears what clients say. */
  @Test
  void losesNothingWhenTheServerSaysNoMore() throws Exception {
    losesNothingWhenHalfClosed("ended by the server", proxy::endAnswers);
  }

  /** The server is told that no query will come, and may answer those that came. */
  @Test
  void losesNothingWhenClientsSayNoMore() throws Exception {
    losesNothingWhenHalfClosed("ended by clients", proxy::endQueries);
  }

  private void losesNothingWhenHalfClosed(String fault, Runnable strike) throws Exception {
    try (FaultScene scene = scene(QUERY_LIMIT)) {
      strike(STRIKES, strike);
      scene.awaitLive("since the last", System.nanoTime(), MAX_LIVE_SECONDS);
      scene.awaitSomeRows();
      scene.verify("connections half closed, %s, %d times".formatted(fault, STRIKES));
      assertThat(scene.feedsEnded()).isPositive();
    }
  }

  @Tag("slow")
  @Test
  void losesNothingWhenNobodyCanConnect() throws Exception {
    try (FaultScene scene = scene(QUERY_LIMIT)) {
      long start = System.nanoTime();
      proxy.refuse(true);
      var _ =
          later
              .schedule(() -> proxy.refuse(false), DELAYED.toMillis(), TimeUnit.MILLISECONDS)
              .get();
      scene.awaitLive(
          "since connections were refused for %d s".formatted(DELAYED.toSeconds()),
          start,
          MAX_REFUSED_SECONDS);
      scene.awaitSomeRows();
      scene.verify("connections refused");
    }
  }

  @Tag("slow")
  @Test
  void writesAgainWhatWasAcknowledgedTooLate() throws Exception {
    try (FaultScene scene = scene(PATIENT_QUERY_LIMIT)) {
      long start = System.nanoTime();
      proxy.delay(DELAY);
      var _ =
          later
              .schedule(() -> proxy.delay(Duration.ZERO), DELAYED.toMillis(), TimeUnit.MILLISECONDS)
              .get();
      scene.awaitLive(
          "since everything took %d ms longer for %d s"
              .formatted(2 * DELAY.toMillis(), DELAYED.toSeconds()),
          start,
          MAX_DELAYED_SECONDS);
      scene.awaitSomeRows();
      scene.verify("delayed");
      assertThat(scene.underLaterAttempts()).isPositive();
    }
  }

  /** More inserts than there are connections, into two tables. */
  @Test
  void readsWhileInsertsHang() throws Exception {
    try (Store store = open(QUERY_LIMIT)) {
      List<CompletableFuture<List<InsertOutcome>>> hanging = new ArrayList<>();
      proxy.withhold("hanging");
      for (int i = 0; i < 2 * POOL_SIZE; i++) {
        TableName table = i % 2 == 0 ? FaultScene.TABLE : TableName.BANK_KEYS;
        hanging.add(store.append(table).insert(List.of(new NewRow("hanging", "hanging" + i, ""))));
        if (i < POOL_SIZE - 1) {
          assertThat(proxy.awaitWithheld(1, QUERY_LIMIT)).isTrue();
        }
      }
      assertThat(store.append(TableName.BANK_KEYS).find("another")).isEmpty();
      assertThat(hanging).noneMatch(CompletableFuture::isDone);
      proxy.withhold("");
      for (CompletableFuture<List<InsertOutcome>> answer : hanging) {
        assertThat(answer.get(MAX_ANSWER_SECONDS, TimeUnit.SECONDS).getFirst())
            .isInstanceOfAny(InsertOutcome.Unknown.class, InsertOutcome.Inserted.class);
      }
    }
  }
}
