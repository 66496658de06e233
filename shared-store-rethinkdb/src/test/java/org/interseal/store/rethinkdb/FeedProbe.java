package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/**
 * Follows a stream of its own, alone and among all, and finds out when feeds wake for what is
 * written. A feed that was resumed wakes once for nothing, so that only the second wake-up in a row
 * counts.
 */
final class FeedProbe implements AutoCloseable {
  private static final long MAX_WRITE_MILLIS = 2_000;
  private static final long MAX_WAKE_MILLIS = 1_000;
  private static final long PAUSE_MILLIS = 100;
  private static final long FOLLOW_AGAIN_MILLIS = 100;

  private final Store writer;
  private final Store ofStream;
  private final Store ofAll;
  private final TableName table;
  private final String stream;
  private final Semaphore wokenByStream = new Semaphore(0);
  private final Semaphore wokenByAll = new Semaphore(0);
  private final Semaphore never = new Semaphore(0);
  private final AtomicInteger ended = new AtomicInteger();
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private int rows;

  /** The stores become its own; whatever fails for writers does not have to fail for followers. */
  FeedProbe(Store writer, Store ofStream, Store ofAll, TableName table, String stream) {
    this.writer = writer;
    this.ofStream = ofStream;
    this.ofAll = ofAll;
    this.table = table;
    this.stream = stream;
    var _ = ofStream.append(table).follow(stream, wokenByStream::release, () -> {});
    executor.execute(this::followAll);
  }

  private void followAll() {
    var _ = ofAll.append(table).followAll(this::woken, this::followAllAgain);
  }

  private void woken(String which) {
    if (which.equals(stream)) {
      wokenByAll.release();
    }
  }

  private void followAllAgain() {
    ended.incrementAndGet();
    try {
      var _ = executor.schedule(this::followAll, FOLLOW_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The probe is being closed.
    }
  }

  /** How often followers of all were told that the feed had ended. */
  int timesEnded() {
    return ended.get();
  }

  /** Milliseconds from {@code sinceNanos} until both feeds wake for what is written. */
  long awaitLive(long sinceNanos, long maxMillis) throws InterruptedException {
    long live = 0;
    int inARow = 0;
    while (inARow < 2) {
      long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
      assertThat(passed).as("milliseconds without a live feed").isLessThan(maxMillis);
      wokenByStream.drainPermits();
      wokenByAll.drainPermits();
      if (!written() || !woken(wokenByStream) || !woken(wokenByAll)) {
        inARow = 0;
        var _ = never.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        continue;
      }
      inARow++;
      if (inARow == 1) {
        live = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
      }
    }
    return live;
  }

  private static boolean woken(Semaphore by) throws InterruptedException {
    return by.tryAcquire(MAX_WAKE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private boolean written() throws InterruptedException {
    AppendTable to = writer.append(table);
    NewRow row = new NewRow(stream, stream + ":" + rows++, "probe");
    try {
      return to.insert(List.of(row)).get(MAX_WRITE_MILLIS, TimeUnit.MILLISECONDS).getFirst()
          instanceof InsertOutcome.Inserted;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    writer.close();
    ofStream.close();
    ofAll.close();
  }
}
