package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.rethinkdb.RethinkDbReplicas.Difference;
import org.interseal.store.rethinkdb.RethinkDbReplicas.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes held against each other. No query makes nodes of one cluster differ, so a server outside of
 * it stands for the node that lacks rows; what is written to give them back is written to a cluster
 * of three.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasIT {
  private static final RethinkDbStoreSettings SETTINGS = RethinkDbStoreSettings.of("alike", true);
  private static final TableName TABLE = TableName.TRANSACTIONS;
  private static final int ROWS = 20;

  private final List<ConnectionPool> pools = new ArrayList<>();
  private ThreeNodes cluster;
  private RethinkDbServer outside;
  private List<RethinkDbReplicas.Node> nodes;
  private RethinkDbReplicas.Node stranger;

  @SuppressWarnings("NullAway.Init")
  ReplicasIT() {}

  @BeforeAll
  void start(@TempDir Path inside, @TempDir Path other) {
    cluster = ThreeNodes.startOrSkip(inside);
    cluster.create(SETTINGS);
    outside = RethinkDbServer.startOrSkip(other);
    new RethinkDbCluster(List.of(outside.address()), 1).create(SETTINGS);
    nodes = cluster.nodes().stream().map(node -> node(node.address())).toList();
    stranger = node(outside.address());
  }

  private RethinkDbReplicas.Node node(ServerAddress address) {
    ConnectionPool pool = new RethinkDbCluster(List.of(address), 1).adminPool();
    pools.add(pool);
    return new RethinkDbReplicas.Node(address.toString(), new RethinkDbTemplate(pool));
  }

  @AfterAll
  @SuppressWarnings("ConstantValue")
  void stop() {
    pools.forEach(ConnectionPool::close);
    if (outside != null) {
      outside.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static List<NewRow> rows(String stream) {
    return IntStream.range(0, ROWS)
        .mapToObj(i -> new NewRow(stream, "%s.%02d".formatted(stream, i), "body " + i))
        .toList();
  }

  private RethinkDbStore open() {
    return cluster.open(SETTINGS, cluster.nodes().getFirst());
  }

  @Test
  void nodesOfAWholeClusterHaveTheSame() throws Exception {
    try (RethinkDbStore store = open()) {
      Persevering.insert(store.append(TABLE), rows("same"));
    }
    RethinkDbReplicas replicas = new RethinkDbReplicas(nodes, SETTINGS);
    RethinkDbReplicas.Report report = replicas.check(TABLE, false);
    assertThat(report.rows()).isGreaterThanOrEqualTo(ROWS);
    assertThat(report.differences()).isEmpty();
    assertThat(replicas.check(TableName.BANK_KEYS, true).rows()).isZero();
  }

  @Test
  void whatANodeLacksIsNamedAndNothingCountsAsMendedThatIsNot() throws Exception {
    try (RethinkDbStore store = open()) {
      Persevering.insert(store.append(TABLE), rows("lacking"));
      List<Row> before = store.append(TABLE).readById("lacking.", "", 100);
      RethinkDbReplicas replicas =
          new RethinkDbReplicas(List.of(nodes.get(0), nodes.get(1), stranger), SETTINGS);
      for (boolean mend : List.of(false, true)) {
        assertThat(replicas.check(TABLE, mend).differences())
            .filteredOn(difference -> difference.id().startsWith("lacking."))
            .hasSize(ROWS)
            .contains(new Difference("lacking.07", List.of(stranger.name()), State.DIFFERENT));
      }
      // What was written to mend them is what was there, with its stamp.
      assertThat(store.append(TABLE).readById("lacking.", "", 100)).isEqualTo(before);
    }
    assertThat(new RethinkDbReplicas(nodes, SETTINGS).check(TABLE, false).differences()).isEmpty();
  }

  @Test
  void aRowIsGivenToAllNodesWithItsStampAndAnotherUnderItsIdStays() throws Exception {
    RethinkDbReplicas replicas = new RethinkDbReplicas(nodes, SETTINGS);
    Row lost = new Row("given", "given.1", "body", 1_700_000_000_000L);
    assertThat(replicas.mend(TABLE, List.of(lost))).isTrue();
    try (RethinkDbStore store = open()) {
      assertThat(store.append(TABLE).find("given.1")).contains(lost);
      assertThat(store.append(TABLE).readById("given.", "", 10)).containsExactly(lost);
      var _ = Persevering.insert(store.append(TABLE), new NewRow("given", "given.2", "another"));
      assertThat(replicas.mend(TABLE, List.of(new Row("given", "given.2", "body", 5)))).isFalse();
      assertThat(store.append(TABLE).find("given.2").orElseThrow().body()).isEqualTo("another");
    }
    assertThat(replicas.check(TABLE, false).differences()).isEmpty();
  }

  @Test
  void nodesThatContradictEachOtherAreLeftAlone() throws Exception {
    try (RethinkDbStore store = open();
        RethinkDbStore other = new RethinkDbCluster(List.of(outside.address()), 1).open(SETTINGS)) {
      var _ = Persevering.insert(store.append(TABLE), new NewRow("c", "contra.1", "one"));
      var _ = Persevering.insert(other.append(TABLE), new NewRow("c", "contra.1", "two"));
      assertThat(
              new RethinkDbReplicas(List.of(nodes.get(0), nodes.get(1), stranger), SETTINGS)
                  .check(TABLE, true)
                  .differences())
          .contains(new Difference("contra.1", List.of(), State.CONTRADICTORY));
      assertThat(store.append(TABLE).find("contra.1").orElseThrow().body()).isEqualTo("one");
    }
  }

  @Test
  void allNodesMustBeNamedAndTheTableInsertOnly() {
    assertThatThrownBy(
            () -> new RethinkDbReplicas(nodes.subList(0, 2), SETTINGS).check(TABLE, false))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage(
            "table alike.transactions has 3 replicas, and 2 nodes were named: name all that have one");
    assertThatThrownBy(
            () -> new RethinkDbReplicas(nodes, SETTINGS).check(TableName.HEARTBEATS, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
