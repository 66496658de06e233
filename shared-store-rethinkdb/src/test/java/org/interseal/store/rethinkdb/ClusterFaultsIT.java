package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.interseal.rethinkdb.testing.RethinkDbProcess;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes of a cluster fail while rows are written, read and followed, with the time-outs that
 * services have. Whatever happens, what was acknowledged stays and is seen by every reader, and
 * feeds live again by themselves.
 */
@Timeout(180)
class ClusterFaultsIT {
  private static final RethinkDbStoreSettings SETTINGS = RethinkDbStoreSettings.of("faults", true);

  /** Nodes take one for dead that was silent for about 16 seconds. */
  private static final long FROZEN_SECONDS = 24;

  private static final long DOWN_SECONDS = 2;

  // How long feeds may take to live again, beside what the operators' guide says.
  private static final long MAX_FAILOVER_SECONDS = 10; // 2 s
  private static final long MAX_RETURN_SECONDS = 18; // 3 to 6 s
  private static final long MAX_HANG_SECONDS = 45; // 17 s
  private static final long MAX_SILENCE_SECONDS = 30; // 10 s
  private static final long MAX_RESTART_SECONDS = 24; // 4 to 8 s
  private static final long MAX_RESHARD_SECONDS = 10; // 1.5 to 3.1 s

  private static @Nullable ThreeNodes started;

  @SuppressWarnings("NullAway.Init")
  private static ThreeNodes cluster;

  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

  private final Set<RethinkDbProcess> meantToBeDown = ConcurrentHashMap.newKeySet();

  /** The node that takes the writes. */
  @SuppressWarnings("NullAway.Init")
  private RethinkDbProcess primary;

  @BeforeAll
  static void startCluster(@TempDir Path directory) {
    ThreeNodes nodes = ThreeNodes.startOrSkip(directory);
    started = nodes;
    cluster = nodes;
    nodes.create(SETTINGS);
  }

  @AfterAll
  static void stopCluster() {
    if (started != null) {
      started.close();
    }
  }

  @BeforeEach
  void findPrimary() {
    primary = cluster.primaryOf(SETTINGS, FaultScene.TABLE);
    var _ =
        later.scheduleWithFixedDelay(
            this::startWhatEnded, DOWN_SECONDS, DOWN_SECONDS, TimeUnit.SECONDS);
  }

  @AfterEach
  void mend() throws Exception {
    for (RethinkDbProcess node : cluster.nodes()) {
      start(node, Map.of());
    }
    later.shutdownNow();
    cluster.awaitReady(SETTINGS);
  }

  private void kill(RethinkDbProcess node) {
    meantToBeDown.add(node);
    node.kill();
  }

  /** Starts a node unless it runs, after some time. */
  private void start(RethinkDbProcess node, Map<String, String> environment) throws Exception {
    if (node.isAlive()) {
      return;
    }
    later
        .schedule(
            () -> {
              if (!node.isAlive()) {
                node.restart(environment);
              }
              meantToBeDown.remove(node);
            },
            DOWN_SECONDS,
            TimeUnit.SECONDS)
        .get();
  }

  /**
   * What a supervisor does. When one node is killed, another of version 2.4.4 that connects to it
   * in that very moment may end too, with "Guarantee failed: [peer.ips().size() > 0]".
   */
  private void startWhatEnded() {
    for (RethinkDbProcess node : cluster.nodes()) {
      if (!node.isAlive() && !meantToBeDown.contains(node)) {
        System.out.println("fault: a node ended by itself and is started again");
        node.restart();
      }
    }
  }

  /** One way begins at this node, the other at the next one. */
  private static FaultScene sceneFrom(RethinkDbProcess node) throws InterruptedException {
    return new FaultScene(() -> open(node), () -> open(cluster.after(node)));
  }

  private static RethinkDbStore open(RethinkDbProcess first) {
    return cluster.open(SETTINGS, first);
  }

  /**
   * Where nodes have no cores of their own, the cluster at times loses acknowledged rows when the
   * third comes back; their writers put them back.
   */
  @Test
  void losesNothingWhenThePrimaryIsKilled() throws Exception {
    try (FaultScene scene = sceneFrom(primary)) {
      long start = System.nanoTime();
      kill(primary);
      scene.awaitLive("with two nodes", start, MAX_FAILOVER_SECONDS);
      scene.awaitSomeRows();
      long again = System.nanoTime();
      start(primary, Map.of());
      cluster.awaitReady(SETTINGS);
      scene.awaitLive("with the third started again", again, MAX_RETURN_SECONDS);
      scene.awaitSomeRows();
      scene.verify("primary killed");
    }
  }

  @Tag("slow")
  @Test
  void losesNothingWhenThePrimaryHangs() throws Exception {
    try (FaultScene scene = sceneFrom(primary)) {
      long start = System.nanoTime();
      primary.freeze();
      var thawed = later.schedule(primary::thaw, FROZEN_SECONDS, TimeUnit.SECONDS);
      try {
        scene.awaitLive("since it hung", start, MAX_HANG_SECONDS);
        thawed.get();
        scene.awaitLive("since it woke", System.nanoTime(), MAX_FAILOVER_SECONDS);
      } finally {
        primary.thaw();
      }
      cluster.awaitReady(SETTINGS);
      scene.awaitSomeRows();
      scene.verify("primary frozen for %d s".formatted(FROZEN_SECONDS));
    }
  }

  /** The network between some clients and one node fails; they go on with the others. */
  @Tag("slow")
  @Test
  void losesNothingWhenTheWayToOneNodeIsLost() throws Exception {
    try (TcpProxy way = new TcpProxy(primary.address());
        FaultScene scene =
            new FaultScene(
                () -> cluster.openThrough(SETTINGS, way.address(), primary),
                () -> open(cluster.after(primary)))) {
      long silent = System.nanoTime();
      way.swallowAnswers();
      scene.awaitLive("since one node was silent", silent, MAX_SILENCE_SECONDS);
      long refused = System.nanoTime();
      way.refuse(true);
      scene.awaitLive("since one node was out of reach", refused, MAX_FAILOVER_SECONDS);
      scene.awaitSomeRows();
      scene.verify("way to one node silent, then refused");
      assertThat(scene.unknownOutcomes()).isPositive();
    }
  }

  @Test
  void losesNothingWhenAllNodesAreKilled() throws Exception {
    try (FaultScene scene = sceneFrom(primary)) {
      long start = System.nanoTime();
      cluster.nodes().forEach(this::kill);
      for (RethinkDbProcess node : cluster.nodes()) {
        start(node, Map.of());
      }
      scene.awaitLive("since they were killed", start, MAX_RESTART_SECONDS);
      cluster.awaitReady(SETTINGS);
      scene.awaitSomeRows();
      scene.verify("all nodes killed and started");
    }
  }

  @Test
  void losesNothingWhenTablesAreResharded() throws Exception {
    try (FaultScene scene = sceneFrom(primary)) {
      long start = System.nanoTime();
      reshard(
          table -> table.reconfigure().optArg("shards", 2).optArg("replicas", ThreeNodes.NODES));
      scene.awaitLive("since two shards were asked for", start, MAX_RESHARD_SECONDS);
      scene.awaitSomeRows();
      assertThat(hasWriteHook()).as("reconfiguring drops the hook").isFalse();
      cluster.create(SETTINGS);
      assertThat(hasWriteHook()).isTrue();
      long again = System.nanoTime();
      reshard(Table::rebalance);
      scene.awaitLive("since they were balanced", again, MAX_RESHARD_SECONDS);
      scene.awaitSomeRows();
      long last = System.nanoTime();
      reshard(table ->
          table.config().update(config -> r.hashMap("shards", r.array(config.g("shards").nth(0)))));
      scene.awaitLive("since one shard was asked for", last, MAX_RESHARD_SECONDS);
      scene.awaitSomeRows();
      assertThat(hasWriteHook()).isTrue();
      scene.verify("resharded");
    }
  }

  private void reshard(Function<Table, ReqlExpr> change) {
    var _ =
        cluster.administer(
            SETTINGS,
            FaultScene.TABLE,
            primary,
            (admin, table) -> admin.value(change.apply(table)));
    cluster.awaitReady(SETTINGS);
  }

  private boolean hasWriteHook() {
    return cluster.administer(
        SETTINGS,
        FaultScene.TABLE,
        primary,
        (admin, table) -> admin.value(table.getWriteHook()).isPresent());
  }

  /** The primary alone has the row, says that it is in conflict with itself, and may lose it. */
  @Test
  void doesNotAcknowledgeWhatNoMajorityHas() throws Exception {
    List<RethinkDbProcess> others =
        cluster.nodes().stream().filter(node -> !node.equals(primary)).toList();
    NewRow row = new NewRow("rolled-back", "rolled-back", "body");
    Semaphore woken = new Semaphore(0);
    try (Store store = ThreeNodes.openImpatiently(SETTINGS, primary)) {
      AppendTable table = store.append(FaultScene.TABLE);
      StreamReader reader = new StreamReader(store, table, row.stream(), Position.START);
      assertThat(reader.poll(1)).isEmpty();
      var _ = table.follow(row.stream(), woken::release, () -> {});
      woken.drainPermits();
      others.forEach(RethinkDbProcess::freeze);
      assertThat(Persevering.insertOnce(table, List.of(row)).getFirst())
          .isInstanceOf(InsertOutcome.Unknown.class);
      assertThat(Persevering.insertOnce(table, List.of(row)).getFirst())
          .isInstanceOf(InsertOutcome.Unknown.class);
      // The feed may tell of it all the same: it is a reason to read, and never what is read.
      assertThatThrownBy(() -> reader.poll(1)).isInstanceOf(StoreUnavailable.class);
      System.out.println(
          "fault: feed told %d times of a row that no majority has"
              .formatted(woken.availablePermits()));
      kill(primary);
    } finally {
      others.forEach(RethinkDbProcess::thaw);
    }
    start(primary, Map.of());
    cluster.awaitReady(SETTINGS);
    try (Store store = open(primary)) {
      AppendTable table = store.append(FaultScene.TABLE);
      InsertOutcome outcome = Persevering.insert(table, row);
      Row standing = table.find(row.id()).orElseThrow();
      assertThat(new StreamReader(store, table, row.stream(), Position.START).poll(2))
          .containsExactly(standing);
      assertThat(outcome)
          .isIn(
              new InsertOutcome.Inserted(standing.timestampMillis()),
              new InsertOutcome.AlreadyThere(standing.timestampMillis()));
      System.out.println("fault: row that no majority has, after the primary's death: " + outcome);
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(longs = {800, -800})
  void readersMissNothingWhenClocksAreApart(long millisAhead, @TempDir Path directory)
      throws Exception {
    Optional<WallClock> clock = WallClock.compile(directory);
    Assumptions.assumeTrue(
        clock.isPresent(), "skipped: no C compiler to set a server's clock apart with");
    RethinkDbProcess apart = cluster.after(primary);
    kill(apart);
    start(apart, clock.orElseThrow().ahead(millisAhead));
    cluster.awaitReady(SETTINGS);
    try (Store there = open(apart);
        Store here = open(primary)) {
      assertThat(there.nowMillis() - here.nowMillis()).isCloseTo(millisAhead, within(400L));
    }
    try (FaultScene scene = sceneFrom(apart)) {
      scene.awaitSomeRows();
      scene.awaitSomeRows();
      scene.verify("one clock %+d ms apart".formatted(millisAhead));
      assertThat(scene.rowsSeenLate()).isZero();
    } finally {
      kill(apart);
    }
  }
}
