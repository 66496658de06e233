package org.interseal.launcher.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.federation.Printed;
import org.interseal.launcher.federation.DatabaseAccess;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.TableName;
import org.interseal.store.rethinkdb.RethinkDbReplicas.Difference;
import org.interseal.store.rethinkdb.RethinkDbReplicas.Report;
import org.interseal.store.rethinkdb.RethinkDbReplicas.State;
import org.interseal.store.rethinkdb.RethinkDbSchema;
import org.interseal.store.rethinkdb.RethinkDbStore;
import org.interseal.store.rethinkdb.RethinkDbStoreSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The operator's command on real servers; what it finds is for the store's own tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasCommandIT {
  private static final RethinkDbStoreSettings SHARED = RethinkDbStoreSettings.of("interseal", true);
  private static final RethinkDbStoreSettings OWN =
      RethinkDbStoreSettings.of("bank_bkaaxx00", false);

  private final SecureRandom random = new SecureRandom();
  private RethinkDbServer server;

  @SuppressWarnings("NullAway.Init")
  ReplicasCommandIT() {}

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    server = RethinkDbServer.startOrSkip(directory);
    try (ConnectionPool pool = connect()) {
      RethinkDbSchema schema = new RethinkDbSchema(new RethinkDbTemplate(pool));
      schema.create(SHARED, 1);
      schema.create(OWN, 1);
    }
    try (RethinkDbStore store = RethinkDbStore.open(SHARED, connect())) {
      var _ =
          Persevering.insert(
              store.append(TableName.TRANSACTIONS), new NewRow("stream", "id", "body"));
    }
  }

  private ConnectionPool connect() throws Exception {
    return new DatabaseAccess(
            List.of(server.address()),
            "admin",
            Optional.empty(),
            Optional.empty(),
            Optional.empty())
        .connect(random);
  }

  @AfterAll
  @SuppressWarnings("ConstantValue")
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static Printed replicas(String nodes, String... more) {
    List<String> all = new ArrayList<>(List.of("replicas", "--rethinkdb", nodes));
    all.addAll(List.of(more));
    return Printed.by(all);
  }

  @Test
  void everyInsertOnlyTableOfTheFederationIsComparedAndAlike() {
    for (String[] options : List.of(new String[0], new String[] {"--mend"})) {
      Printed outcome = replicas(server.address().toString(), options);
      assertThat(outcome.code()).isZero();
      assertThat(outcome.text().lines())
          .containsExactly(
              "bank_bkaaxx00.blocks: 0 rows, alike",
              "bank_bkaaxx00.wrapped_keys: 0 rows, alike",
              "bank_bkaaxx00.snapshots: 0 rows, alike",
              "bank_bkaaxx00.mailbox: 0 rows, alike",
              "bank_bkaaxx00.devices: 0 rows, alike",
              "bank_bkaaxx00.set_aside: 0 rows, alike",
              "interseal.transactions: 1 rows, alike",
              "interseal.bank_keys: 0 rows, alike");
    }
  }

  @Test
  void oneNodeNamedTwiceIsNoComparison() {
    Printed outcome = replicas(server.address() + "," + server.address());
    assertThat(outcome.code()).isOne();
    assertThat(outcome.text()).contains("is named twice");
    Printed byAnotherName = replicas(server.address() + ",localhost:" + server.address().port());
    assertThat(byAnotherName.code()).isOne();
    assertThat(byAnotherName.text().lines())
        .hasSize(8)
        .allMatch(line ->
            line.contains("NOT COMPARED: localhost:") && line.endsWith("name each node once"));
  }

  @Test
  void aClusterWithoutAFederationIsNotCalledAlike() {
    Printed outcome = replicas(server.address().toString(), "--shared-database", "somewhere_else");
    assertThat(outcome.code()).isOne();
    assertThat(outcome.text()).contains("no database somewhere_else");
  }

  @Test
  void whatDiffersIsSaidAndFailsUnlessAllOfItIsMended() {
    CommandLine line = new CommandLine(new ReplicasCommand());
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out));
    ReplicasCommand command = line.getCommand();
    Difference mended = new Difference("a", List.of("n1", "n2"), State.MENDED);
    assertThat(command.tell("db", new Report(TableName.MAILBOX, 1_234, List.of(mended)))).isTrue();
    assertThat(
            command.tell(
                "db",
                new Report(
                    TableName.MAILBOX,
                    5,
                    List.of(
                        mended,
                        new Difference("b", List.of(), State.DIFFERENT),
                        new Difference("c", List.of("n1"), State.LEFT),
                        new Difference("d", List.of(), State.CONTRADICTORY)))))
        .isFalse();
    assertThat(out.toString().lines())
        .containsExactly(
            "db.mailbox: 1,234 rows, 1 not alike",
            "  a: not at n1, n2; mended",
            "db.mailbox: 5 rows, 4 not alike",
            "  a: not at n1, n2; mended",
            "  b: stamps differ",
            "  c: not at n1; may have been dropped on purpose, left as it is",
            "  d: nodes contradict each other");
  }
}
