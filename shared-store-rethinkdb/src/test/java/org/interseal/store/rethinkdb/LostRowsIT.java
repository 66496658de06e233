package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;

import com.rethinkdb.gen.ast.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.AppendTable;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Acknowledged rows go from a real server, as its administrator makes them go: whoever wrote them
 * puts them back, and every reader finds them.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostRowsIT {
  private static final long KEEP_MILLIS = 400;
  private static final long MAX_WAIT_MILLIS = 30_000;
  private static final RethinkDbStoreSettings SETTINGS =
      RethinkDbStoreSettings.of("lost", true).withKeepMillis(KEEP_MILLIS);

  /** Looks when it is told to. */
  private static final RethinkDbStoreSettings PATIENT =
      SETTINGS.withKeepMillis(TimeUnit.HOURS.toMillis(1));

  private RethinkDbServer server;
  private RethinkDbCluster cluster;
  private ConnectionPool pool;
  private RethinkDbTemplate admin;

  @SuppressWarnings("NullAway.Init")
  LostRowsIT() {}

  @BeforeAll
  void start(@TempDir Path directory) {
    server = RethinkDbServer.startOrSkip(directory);
    cluster = new RethinkDbCluster(List.of(server.address()), 1);
    cluster.create(SETTINGS);
    pool = cluster.adminPool();
    admin = new RethinkDbTemplate(pool);
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

  private void lose(TableName name, List<String> ids) {
    Table table = r.db(SETTINGS.database()).table(StoreFields.tableName(name));
    assertThat(
            admin
                .document(table.getAll(ids.toArray()).delete().optArg("ignore_write_hook", true))
                .orElseThrow()
                .number("deleted"))
        .isEqualTo(ids.size());
  }

  private static List<NewRow> rows(String stream, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new NewRow(stream, "%s.%02d".formatted(stream, i), "body " + i))
        .toList();
  }

  private static KeptRows kept(RethinkDbStore store) {
    return store.written(TableName.TRANSACTIONS).kept();
  }

  @Test
  void rowsThatWereLostArePutBackAndReadAgain() throws Exception {
    List<NewRow> rows = rows("s1", 10);
    List<String> lost = List.of("s1.03", "s1.09");
    Semaphore woken = new Semaphore(0);
    try (RethinkDbStore writer = cluster.open(PATIENT);
        RethinkDbStore readers = cluster.open(PATIENT)) {
      AppendTable read = readers.append(TableName.TRANSACTIONS);
      AppendTable.Feed feed = read.follow("s1", woken::release, () -> {});
      Persevering.insert(writer.append(TableName.TRANSACTIONS), rows);
      StreamReader early = new StreamReader(readers, read, "s1", Position.START);
      assertThat(early.poll(100)).hasSize(10);
      lose(TableName.TRANSACTIONS, lost);
      StreamReader late = new StreamReader(readers, read, "s1", Position.START);
      assertThat(late.poll(100)).hasSize(8);
      woken.drainPermits();

      kept(writer).lookForAll();
      assertThat(writer.rowsPutBack()).isEqualTo(2);
      assertThat(writer.rowsLost()).isZero();
      assertThat(woken.tryAcquire(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
      assertThat(early.poll(100)).extracting(Row::id).containsExactlyInAnyOrderElementsOf(lost);
      assertThat(late.poll(100)).extracting(Row::id).containsExactlyInAnyOrderElementsOf(lost);
      assertThat(read.readAfter("s1", Position.START, 100))
          .extracting(row -> new NewRow(row.stream(), row.id(), row.body()))
          .containsExactlyInAnyOrderElementsOf(rows);
      feed.close();
    }
  }

  @Test
  void aStoreLooksByItselfAndWhatGoesLaterIsLeftAlone() throws Exception {
    try (RethinkDbStore writer = cluster.open(SETTINGS)) {
      AppendTable table = writer.append(TableName.TRANSACTIONS);
      Persevering.insert(table, rows("s2", 3));
      assertThat(awaitLookedFor(writer)).isTrue();
      // What goes later was taken away by somebody who may.
      lose(TableName.TRANSACTIONS, List.of("s2.00"));
      Persevering.insert(table, rows("s3", 1));
      assertThat(awaitLookedFor(writer)).isTrue();
      assertThat(table.find("s2.00")).isEmpty();
      assertThat(writer.rowsPutBack()).isZero();
    }
  }

  private static boolean awaitLookedFor(RethinkDbStore store) throws InterruptedException {
    return store.written(TableName.TRANSACTIONS).keeping().awaitEmpty(MAX_WAIT_MILLIS);
  }

  @Test
  void aStoreThatClosesLooksOnceMore() throws Exception {
    try (RethinkDbStore reader = cluster.open(PATIENT)) {
      RethinkDbStore writer = cluster.open(PATIENT);
      Persevering.insert(writer.append(TableName.TRANSACTIONS), rows("s5", 3));
      lose(TableName.TRANSACTIONS, List.of("s5.01"));
      writer.close();
      assertThat(reader.append(TableName.TRANSACTIONS).find("s5.01")).isPresent();
      assertThat(writer.rowsPutBack()).isOne();
    }
  }

  @Test
  void aRowWhoseIdAnotherTookIsLostAndCounted() throws Exception {
    try (RethinkDbStore writer = cluster.open(PATIENT);
        RethinkDbStore other = cluster.open(PATIENT)) {
      AppendTable table = writer.append(TableName.TRANSACTIONS);
      Persevering.insert(table, rows("s4", 2));
      lose(TableName.TRANSACTIONS, List.of("s4.00", "s4.01"));
      NewRow taker = new NewRow("s4", "s4.00", "another body");
      Persevering.insert(other.append(TableName.TRANSACTIONS), taker);
      kept(writer).lookForAll();
      assertThat(table.find("s4.00").orElseThrow().body()).isEqualTo("another body");
      assertThat(table.find("s4.01").orElseThrow().body()).isEqualTo("body 1");
      assertThat(writer.rowsLost()).isOne();
      assertThat(writer.rowsPutBack()).isOne();
    }
  }
}
