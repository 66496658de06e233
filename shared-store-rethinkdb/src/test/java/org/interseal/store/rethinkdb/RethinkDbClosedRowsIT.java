package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.store.rethinkdb.Federation.BANK;
import static org.interseal.store.rethinkdb.Federation.OWN;
import static org.interseal.store.rethinkdb.Federation.SHARED;
import static org.interseal.store.rethinkdb.Refusals.assertForbidden;
import static org.interseal.store.rethinkdb.Refusals.assertRefusedByHook;

import com.rethinkdb.gen.ast.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.QueryRefused;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dropping closed rows from a real server, as a user with no more rights than it takes. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RethinkDbClosedRowsIT {
  private static final DatabaseUser SERVER = DatabaseUser.server(BANK, "n1");
  private static final long KEEP_MILLIS = 100;

  /** Rows may go a little while after they were written; the server keeps them for less. */
  private static final RethinkDbStoreSettings SETTINGS =
      OWN.withKeepMillis(KEEP_MILLIS).withMaxClockSkewMillis(0);

  private static final String ARCHIVIST = "archivist";
  private static final int BLOCKS = 450;
  private static final int CLOSED = 420;

  private final AtomicInteger bodies = new AtomicInteger();
  private Federation federation;
  private ConnectionPool serverPool;
  private ConnectionPool archivistPool;
  private RethinkDbStore store;
  private RethinkDbTemplate server;
  private RethinkDbTemplate archivist;

  @SuppressWarnings("NullAway.Init")
  RethinkDbClosedRowsIT() {}

  @BeforeAll
  void start(@TempDir Path directory) throws StoreUnavailable {
    federation = Federation.startOrSkip(directory, SHARED, OWN);
    assertThat(federation.make(SERVER)).isEqualTo(new RethinkDbUsers.Making.Made(true));
    serverPool = federation.connections(SERVER);
    server = new RethinkDbTemplate(serverPool);
    store = federation.open(SETTINGS.withKeepMillis(1), SERVER);
    NewPassword password = federation.newPassword();
    var _ =
        federation.admin.value(
            r.db("rethinkdb")
                .table("users")
                .insert(r.hashMap("id", ARCHIVIST).with("password", password.reveal())));
    grant(RethinkDbSchema.FORMAT, "read");
    grant("blocks", "read", "write", "config");
    grant("snapshots", "read", "write", "config");
    archivistPool = federation.connections(ARCHIVIST, password.password());
    archivist = new RethinkDbTemplate(archivistPool);
  }

  private void grant(String table, String... permissions) {
    var all = r.hashMap();
    for (String permission : permissions) {
      all.with(permission, true);
    }
    var _ = federation.admin.value(r.db(OWN.database()).table(table).grant(ARCHIVIST, all));
  }

  @AfterAll
  @SuppressWarnings("ConstantValue")
  void stop() {
    if (store != null) {
      store.close();
      serverPool.close();
      archivistPool.close();
    }
    if (federation != null) {
      federation.close();
    }
  }

  private static Table table(TableName name) {
    return r.db(OWN.database()).table(StoreFields.tableName(name));
  }

  /** As ids of blocks are: the partition, the height and the attempt. */
  private static String id(int partition, long height) {
    return "p%02d.%012d.00".formatted(partition, height);
  }

  private static String prefix(int partition) {
    return "p%02d.".formatted(partition);
  }

  private void insert(TableName table, List<NewRow> rows) {
    assertThat(store.append(table).insert(rows).join())
        .hasSize(rows.size())
        .allMatch(InsertOutcome.Inserted.class::isInstance);
  }

  private void chain(int partition) {
    insert(
        TableName.BLOCKS,
        LongStream.rangeClosed(1, BLOCKS)
            .mapToObj(
                height -> new NewRow("p%02d".formatted(partition), id(partition, height), "block"))
            .toList());
  }

  private List<String> ids(TableName table, String prefix) throws StoreUnavailable {
    return store.append(table).readById(prefix, "", 1_000).stream().map(Row::id).toList();
  }

  private static List<String> open(int partition) {
    return from(partition, CLOSED + 1);
  }

  private static List<String> from(int partition, long first) {
    return LongStream.rangeClosed(first, BLOCKS).mapToObj(height -> id(partition, height)).toList();
  }

  private void assertKept(int partition, long height) {
    assertKept(id(partition, height));
  }

  /** By the hook: from a server, and from the archivist who does not say to pass it by. */
  private void assertKept(String id) {
    Table blocks = table(TableName.BLOCKS);
    assertRefusedByHook(server, blocks.get(id).delete());
    assertRefusedByHook(server, blocks.get(id).update(r.hashMap("body", "forged")));
    assertRefusedByHook(
        server,
        blocks
            .insert(r.hashMap("id", id).with("stream", "p00").with("body", "forged"))
            .optArg("conflict", "replace"));
    assertRefusedByHook(archivist, blocks.get(id).delete());
  }

  @Test
  void whatIsClosedGoesAndTheHookStandsMeanwhileAndAfterwards() throws StoreUnavailable {
    chain(0);
    chain(1);
    List<Long> batches = new ArrayList<>();
    RethinkDbClosedRows rows =
        new RethinkDbClosedRows(
            archivist,
            SETTINGS,
            batch -> {
              batches.add(batch);
              assertKept(0, CLOSED + 1);
              assertKept(1, 1);
              ids(TableName.BLOCKS, prefix(0)).stream()
                  .limit(1)
                  .forEach(standing -> assertKept(standing));
              assertRefusedByHook(server, table(TableName.BLOCKS).insert(r.hashMap("id", "junk")));
              // Servers go on, and their rows are stamped whatever they say.
              insertStamped("p07.%012d.00".formatted(batches.size()));
            });
    assertThat(rows.dropBlocks(id(0, 1), id(0, CLOSED) + "-")).isEqualTo(CLOSED);
    assertThat(batches).containsExactly(1L, 200L, 200L, 19L);

    assertThat(ids(TableName.BLOCKS, prefix(0))).isEqualTo(open(0));
    assertThat(ids(TableName.BLOCKS, prefix(1))).hasSize(BLOCKS);
    assertKept(0, CLOSED + 1);
    assertKept(1, 1);
    // A row that is written later where rows were closed stays, until it is named too.
    insert(TableName.BLOCKS, List.of(new NewRow("p00", id(0, 1), "block")));
    assertKept(0, 1);
    assertThat(
            new RethinkDbClosedRows(archivist, SETTINGS).dropBlocks(prefix(0), id(0, CLOSED + 1)))
        .isOne();
  }

  @Test
  void rowsThatTheirWriterCouldPutBackAreNotDroppedYet() throws StoreUnavailable {
    chain(5);
    List<Long> waits = new ArrayList<>();
    RethinkDbClosedRows rows =
        new RethinkDbClosedRows(
            archivist,
            SETTINGS.withKeepMillis(TimeUnit.HOURS.toMillis(1)),
            new RethinkDbClosedRows.Watch() {
              @Override
              public void dropped(long more) {}

              @Override
              public void waits(long millis) throws StoreUnavailable {
                waits.add(millis);
                throw new StoreUnavailable("planned");
              }
            });
    assertThatThrownBy(() -> rows.dropBlocks(id(5, 1), id(5, 10))).hasMessage("planned");
    insert(TableName.SNAPSHOTS, List.of(new NewRow("p05", "young-1", "1.1.body")));
    assertThatThrownBy(() -> rows.dropSnapshots("p05", "1.1.")).hasMessage("planned");
    assertThat(waits)
        .hasSize(2)
        .allMatch(millis ->
            millis > TimeUnit.HOURS.toMillis(KeptRows.MAX_AGE_FACTOR)
                && millis <= TimeUnit.HOURS.toMillis(KeptRows.MAX_AGE_FACTOR + 1));
    assertThat(ids(TableName.BLOCKS, prefix(5))).hasSize(BLOCKS);
  }

  @Test
  void rowsBetweenTheNamedOnesStay() throws StoreUnavailable {
    chain(4);
    RethinkDbClosedRows rows = new RethinkDbClosedRows(archivist, SETTINGS);
    assertThat(rows.dropBlocks(id(4, 1), id(4, 10))).isEqualTo(9);
    assertThat(rows.dropBlocks(id(4, 12), id(4, 20) + "-")).isEqualTo(9);
    assertThat(ids(TableName.BLOCKS, prefix(4)))
        .startsWith(id(4, 10), id(4, 11), id(4, 21))
        .hasSize(BLOCKS - 18);
  }

  private void insertStamped(String id) {
    var result =
        server
            .document(
                table(TableName.BLOCKS)
                    .insert(
                        r.hashMap("id", id)
                            .with("stream", "p07")
                            .with("body", "block")
                            .with("timestamp", 1)))
            .orElseThrow();
    assertThat(result.number("inserted")).isOne();
    assertThat(server.document(table(TableName.BLOCKS).get(id)).orElseThrow().number("timestamp"))
        .isGreaterThan(1_000_000_000_000L);
  }

  @Test
  void aRunThatIsCutOffLeavesTheTableInsertOnlyAndTheNextOneFinishes() throws StoreUnavailable {
    chain(2);
    RethinkDbClosedRows failing =
        new RethinkDbClosedRows(
            archivist,
            SETTINGS,
            _ -> {
              throw new StoreUnavailable("planned");
            });
    assertThatThrownBy(() -> failing.dropBlocks(prefix(2), id(2, CLOSED + 1)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage("planned");
    List<String> left = ids(TableName.BLOCKS, prefix(2));
    assertThat(left).as("the beginning goes first").isEqualTo(from(2, 2));
    assertKept(left.getFirst());
    assertKept(2, BLOCKS);

    assertThat(
            new RethinkDbClosedRows(archivist, SETTINGS).dropBlocks(prefix(2), id(2, CLOSED + 1)))
        .isEqualTo(CLOSED - 1);
    assertThat(ids(TableName.BLOCKS, prefix(2))).isEqualTo(open(2));
  }

  @Test
  void rowsGoInOrderSoThatAnInterruptedRunLeavesNoHoles() throws StoreUnavailable {
    chain(3);
    List<List<String>> left = new ArrayList<>();
    RethinkDbClosedRows rows =
        new RethinkDbClosedRows(
            archivist, SETTINGS, _ -> left.add(ids(TableName.BLOCKS, prefix(3))));
    assertThat(rows.dropBlocks(prefix(3), id(3, CLOSED + 1))).isEqualTo(CLOSED);
    assertThat(left).containsExactly(from(3, 2), from(3, 202), from(3, 402), open(3));
  }

  @Test
  void onlySnapshotsOfTheStreamAndThePeriodGo() throws StoreUnavailable {
    insert(
        TableName.SNAPSHOTS,
        List.of(
            snapshot("p00", "1.1."),
            snapshot("p00", "1.1."),
            snapshot("p00", "1.11."),
            snapshot("p00", "1.2."),
            snapshot("p00", "1x1."),
            snapshot("p00.openings", "1.1."),
            snapshot("p01", "1.1.")));
    RethinkDbClosedRows rows = new RethinkDbClosedRows(archivist, SETTINGS);
    assertThat(rows.dropSnapshots("p00", "1.1.")).isEqualTo(2);
    assertThat(rows.dropSnapshots("p00", "1.1.")).isZero();
    assertThat(
            store.append(TableName.SNAPSHOTS).readById("snapshot-", "", 10).stream()
                .map(row -> row.stream() + " " + row.body().replaceAll("body.*", "")))
        .containsExactlyInAnyOrder(
            "p00 1.11.", "p00 1.2.", "p00 1x1.", "p00.openings 1.1.", "p01 1.1.");
    assertRefusedByHook(server, table(TableName.SNAPSHOTS).delete());
    assertThatThrownBy(() -> rows.dropSnapshots("p00", "1.(1|2)"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private NewRow snapshot(String stream, String start) {
    int number = bodies.incrementAndGet();
    return new NewRow(stream, "snapshot-" + number, start + "body" + number);
  }

  @Test
  void aServersOwnUserCannotPassTheHookBy() throws StoreUnavailable {
    chain(9);
    RethinkDbClosedRows asServer = new RethinkDbClosedRows(server, SETTINGS);
    assertThatThrownBy(() -> asServer.dropBlocks(prefix(9), id(9, 10)))
        .isInstanceOf(StoreUnavailable.class)
        .hasCauseInstanceOf(QueryRefused.class)
        .hasMessageContaining("does not have the required `config` permission");
    assertThat(ids(TableName.BLOCKS, prefix(9))).hasSize(BLOCKS);
    // What the archivist's user has is for two tables of one bank.
    assertForbidden(archivist, table(TableName.MAILBOX).count());
    assertForbidden(archivist, table(TableName.WRAPPED_KEYS).delete());
  }
}
