package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.FeedInterruption;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A follower that hangs while more changes pile up for it than the server keeps. */
class FeedOverflowIT {
  private static final RethinkDbStoreSettings SETTINGS =
      RethinkDbStoreSettings.of("overflow", true).withFeedBuffer(1_000);

  /**
   * Far more than the server keeps: within it, changes reach a feed some time after the write was
   * acknowledged.
   */
  private static final int ROWS = 20_000;

  private static final int BATCH_ROWS = 500;
  private static final int BATCHES_UNDER_WAY = 8;
  private static final long MAX_WAIT_SECONDS = 30;
  private static final String STREAM = "flood";
  private static final String QUIET = "quiet";

  @Test
  @Timeout(120)
  void wakesFollowersThatNoLaterChangeWouldWake(@TempDir Path directory) throws Exception {
    try (RethinkDbServer server = RethinkDbServer.startOrSkip(directory)) {
      RethinkDbCluster cluster = new RethinkDbCluster(List.of(server.address()), 1);
      cluster.create(SETTINGS);
      Losses losses = new Losses();
      CountDownLatch hang = new CountDownLatch(1);
      CountDownLatch ended = new CountDownLatch(1);
      Semaphore woken = new Semaphore(0);
      try (Store writer = cluster.open(SETTINGS);
          Store store = RethinkDbStore.open(SETTINGS, pool(server, losses))) {
        AppendTable table = store.append(FaultScene.TABLE);
        // Both share the feed of the whole table: who follows the quiet stream is woken by the
        // loss or not at all.
        AppendTable.Feed all = table.followAll(_ -> await(hang), ended::countDown);
        AppendTable.Feed quiet = table.follow(QUIET, woken::release, () -> {});
        long start = System.nanoTime();
        fill(writer.append(FaultScene.TABLE));
        long filled = System.nanoTime();
        woken.drainPermits();
        hang.countDown();
        assertThat(losses.told.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS))
            .as("the loss is told")
            .isTrue();
        assertThat(woken.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS)).as("woken").isTrue();
        assertThat(ended.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS)).as("ended for all").isTrue();
        long told = System.nanoTime();
        assertThat(readAll(store, table)).hasSize(ROWS);
        System.out.printf(
            "fault: feed overflown; %d rows written in %d ms, loss told %d ms after the follower went on, all read in %d ms%n",
            ROWS, millis(filled - start), millis(told - filled), millis(System.nanoTime() - told));
        awaitWokenByAChange(table, woken);
        quiet.close();
        all.close();
      } finally {
        hang.countDown();
      }
      assertThat(losses.interruptions.get()).as("the feed stood").isZero();
    }
  }

  private static ConnectionPool pool(RethinkDbServer server, RethinkDbObserver observer) {
    return ConnectionPool.of(
        ConnectionSettings.of(List.of(server.address()), "admin", Password.empty()),
        new SecureRandom(),
        observer);
  }

  private static void await(CountDownLatch hang) {
    try {
      hang.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void fill(AppendTable table) throws Exception {
    List<CompletableFuture<List<InsertOutcome>>> underWay = new ArrayList<>();
    for (int from = 0; from < ROWS; from += BATCH_ROWS) {
      List<NewRow> rows = new ArrayList<>();
      for (int i = from; i < from + BATCH_ROWS; i++) {
        rows.add(new NewRow(STREAM, "row" + i, ""));
      }
      underWay.add(table.insert(rows));
      if (underWay.size() == BATCHES_UNDER_WAY || from + BATCH_ROWS == ROWS) {
        for (CompletableFuture<List<InsertOutcome>> batch : underWay) {
          assertThat(batch.get(MAX_WAIT_SECONDS, TimeUnit.SECONDS))
              .allMatch(InsertOutcome.Inserted.class::isInstance);
        }
        underWay.clear();
      }
    }
  }

  private static Set<String> readAll(Store store, AppendTable table) throws Exception {
    StreamReader reader = new StreamReader(store, table, STREAM, Position.START);
    Set<String> ids = new HashSet<>();
    for (List<Row> page = reader.poll(1_000); !page.isEmpty(); page = reader.poll(1_000)) {
      page.forEach(row -> ids.add(row.id()));
    }
    return ids;
  }

  private static void awaitWokenByAChange(AppendTable table, Semaphore woken) throws Exception {
    woken.drainPermits();
    var _ =
        table
            .insert(List.of(new NewRow(QUIET, "one-more", "")))
            .get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    assertThat(woken.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS))
        .as("woken by a change")
        .isTrue();
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /** What the pool is told of its feeds. */
  private static final class Losses implements RethinkDbObserver {
    final CountDownLatch told = new CountDownLatch(1);
    final AtomicInteger interruptions = new AtomicInteger();

    @Override
    public void feedLost(String feed) {
      told.countDown();
    }

    @Override
    public void feedInterrupted(String feed, FeedInterruption interruption) {
      interruptions.incrementAndGet();
    }
  }
}
