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
import org.interseal.store.AppendTable;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Position;
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
  private static final RethinkDbStoreSettings OWN = RethinkDbStoreSettings.of("own", false);
  private static final int ROWS = 20;
  private static final long SETTLE_MILLIS = 50;

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
    RethinkDbReplicas replicas = replicas();
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
      RethinkDbReplicas replicas = withStranger();
      for (boolean mend : List.of(false, true)) {
        assertThat(replicas.compare(TABLE, mend).differences())
            .filteredOn(difference -> difference.id().startsWith("lacking."))
            .hasSize(ROWS)
            .contains(new Difference("lacking.07", List.of(stranger.name()), State.DIFFERENT));
      }
      // What was written to mend them is what was there, with its stamp.
      assertThat(store.append(TABLE).readById("lacking.", "", 100)).isEqualTo(before);
    }
    assertThat(replicas().check(TABLE, false).differences()).isEmpty();
  }

  private RethinkDbReplicas withStranger() {
    return new RethinkDbReplicas(
        List.of(nodes.get(0), nodes.get(1), stranger), SETTINGS, SETTLE_MILLIS);
  }

  private RethinkDbReplicas replicas() {
    return new RethinkDbReplicas(nodes, SETTINGS, SETTLE_MILLIS);
  }

  @Test
  void aRowThatReadersDoNotSeeGetsANewStampOnAllNodes() throws Exception {
    Row lost = new Row("given", "given.1", "body", 1_700_000_000_000L);
    replicas().write(TABLE, lost);
    try (RethinkDbStore store = open()) {
      Row row = store.append(TABLE).find("given.1").orElseThrow();
      assertThat(row.body()).isEqualTo("body");
      assertThat(row.timestampMillis()).isGreaterThan(lost.timestampMillis());
      assertThat(store.append(TABLE).readAfter("given", Position.START, 10)).contains(row);
    }
    assertThat(replicas().check(TABLE, false).differences()).isEmpty();
  }

  @Test
  void aRowThatReadersSeeKeepsItsStampAndAnotherUnderItsIdStays() throws Exception {
    try (RethinkDbStore store = open()) {
      AppendTable table = store.append(TABLE);
      var _ = Persevering.insert(table, new NewRow("kept", "kept.1", "body"));
      Row before = table.find("kept.1").orElseThrow();
      replicas().write(TABLE, new Row("kept", "kept.1", "body", 5));
      assertThat(table.find("kept.1")).contains(before);
      replicas().write(TABLE, new Row("kept", "kept.1", "another body", 5));
      assertThat(table.find("kept.1")).contains(before);
    }
    assertThat(replicas().check(TABLE, false).differences()).isEmpty();
  }

  /** What a node does that has the row with another stamp than the one that readers see. */
  @Test
  void whoHasAnotherStampTakesTheOneThatIsWritten() throws Exception {
    try (RethinkDbStore store = open()) {
      AppendTable table = store.append(TABLE);
      var _ = Persevering.insert(table, new NewRow("stamp", "stamp.1", "body"));
      Row before = table.find("stamp.1").orElseThrow();
      replicas().write(TABLE, before, 42L);
      assertThat(table.find("stamp.1").orElseThrow().timestampMillis()).isEqualTo(42);
      assertThat(table.readAfter("stamp", Position.START, 10)).hasSize(1);
    }
    assertThat(replicas().check(TABLE, false).differences()).isEmpty();
  }

  @Test
  void aRowThatStrangersAloneHaveIsWrittenOnceAndStaysDifferentOfAClosedChainNot()
      throws Exception {
    RethinkDbCluster alone = new RethinkDbCluster(List.of(outside.address()), 1);
    cluster.create(OWN);
    alone.create(OWN);
    try (RethinkDbStore store = cluster.open(OWN, cluster.nodes().getFirst());
        RethinkDbStore other = alone.open(OWN)) {
      Persevering.insert(store.append(TableName.BLOCKS), List.of(block(5), block(6)));
      Persevering.insert(
          other.append(TableName.BLOCKS), List.of(block(4), block(5), block(6), block(7)));
      var _ =
          Persevering.insert(other.append(TableName.SNAPSHOTS), new NewRow("p00", "s.1", "body"));
      RethinkDbReplicas replicas =
          new RethinkDbReplicas(List.of(nodes.get(0), nodes.get(1), stranger), OWN, SETTLE_MILLIS);
      List<String> lacking = List.of(nodes.get(0).name(), nodes.get(1).name());
      assertThat(replicas.compare(TableName.BLOCKS, true).differences())
          .contains(
              new Difference(block(4).id(), lacking, State.LEFT),
              new Difference(block(7).id(), lacking, State.DIFFERENT));
      assertThat(store.append(TableName.BLOCKS).readById("", "", 10))
          .extracting(Row::id)
          .containsExactly(block(5).id(), block(6).id(), block(7).id());
      assertThat(replicas.compare(TableName.SNAPSHOTS, true).differences())
          .containsExactly(new Difference("s.1", lacking, State.LEFT));
      assertThat(store.append(TableName.SNAPSHOTS).find("s.1")).isEmpty();
    }
    assertThat(
            new RethinkDbReplicas(nodes, OWN, SETTLE_MILLIS)
                .check(TableName.BLOCKS, false)
                .differences())
        .isEmpty();
  }

  private static NewRow block(int height) {
    return new NewRow("p00", "p00.%012d.00".formatted(height), "block " + height);
  }

  @Test
  void nodesThatContradictEachOtherAreLeftAlone() throws Exception {
    try (RethinkDbStore store = open();
        RethinkDbStore other = new RethinkDbCluster(List.of(outside.address()), 1).open(SETTINGS)) {
      var _ = Persevering.insert(store.append(TABLE), new NewRow("c", "contra.1", "one"));
      var _ = Persevering.insert(other.append(TABLE), new NewRow("c", "contra.1", "two"));
      assertThat(withStranger().compare(TABLE, true).differences())
          .contains(new Difference("contra.1", List.of(), State.CONTRADICTORY));
      assertThat(store.append(TABLE).find("contra.1").orElseThrow().body()).isEqualTo("one");
    }
  }

  @Test
  void allNodesMustBeNamedAndTheTableInsertOnly() {
    assertThatThrownBy(
            () -> new RethinkDbReplicas(nodes.subList(0, 2), SETTINGS).check(TABLE, false))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("table alike.transactions has replicas on [")
        .hasMessageContaining("name all that have one, and no others");
    assertThatThrownBy(() ->
            new RethinkDbReplicas(List.of(nodes.get(0), nodes.get(1), nodes.get(1)), SETTINGS)
                .check(TABLE, false))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("name each node once");
    assertThatThrownBy(() -> withStranger().check(TABLE, true))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage(
            nodes.getFirst().name() + " and " + stranger.name() + " are not of one cluster");
    assertThatThrownBy(() -> replicas().check(TableName.HEARTBEATS, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
