package org.interseal.bank.inbox;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the bank's stream of {@code transactions} into the inbox on a thread of its own. A feed wakes it; when the
 * feed ends it subscribes again, and it polls now and then whatever the feed says, since a feed may go mute.
 */
public final class StreamFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamFollower.class);
  private static final long MIN_BACK_OFF_MILLIS = 50;
  private static final long MAX_BACK_OFF_MILLIS = 5_000;
  private static final long JOIN_MILLIS = 10_000;

  private final Store store;
  private final AppendTable table;
  private final String stream;
  private final Inbox inbox;
  private final InboxLimits limits;
  private final InstantSource clock;
  private final Predicate<String> known;
  private final StreamReader reader;
  private final Thread thread;

  /** Holds a permit when there may be something to read. */
  private final Semaphore wake = new Semaphore(1);

  private volatile boolean closed;
  private volatile boolean feedEnded;
  private volatile long lastReadNanos = System.nanoTime();
  private AppendTable.@Nullable Feed feed;
  private long lastSweepNanos = System.nanoTime();

  /** @param known submissions that need no reading again: the ledger's latest blocks consumed them */
  public StreamFollower(
      Store shared,
      String stream,
      Inbox inbox,
      InboxLimits limits,
      InstantSource clock,
      Predicate<String> known,
      ThreadFactory threads) {
    this.store = shared;
    this.table = shared.append(TableName.TRANSACTIONS);
    this.stream = stream;
    this.inbox = inbox;
    this.limits = limits;
    this.clock = clock;
    this.known = known;
    this.reader = new StreamReader(shared, table, stream, inbox.cursor());
    this.thread = threads.newThread(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    long backOffMillis = MIN_BACK_OFF_MILLIS;
    try {
      while (!closed) {
        try {
          readOn();
          backOffMillis = MIN_BACK_OFF_MILLIS;
        } catch (StoreUnavailable e) {
          log.warn("reading transactions failed, trying again in {} ms: {}", backOffMillis, e.getMessage());
          if (wake.tryAcquire(backOffMillis, TimeUnit.MILLISECONDS)) {
            wake();
          }
          backOffMillis = Math.min(MAX_BACK_OFF_MILLIS, backOffMillis * 2);
        }
      }
    } catch (InterruptedException e) {
      // Only close() interrupts: the thread ends.
      Thread.currentThread().interrupt();
    } finally {
      unsubscribe();
    }
  }

  private void readOn() throws StoreUnavailable, InterruptedException {
    subscribe();
    List<Row> rows = reader.poll(limits.pageRows());
    lastReadNanos = System.nanoTime();
    if (!rows.isEmpty()) {
      inbox.add(rows, reader.cursor(), known);
    } else if (!sweep()) {
      var _ = wake.tryAcquire(limits.pollMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Looks for rows that became visible too late for the cursor; where stamps follow commits there are none. */
  private boolean sweep() throws StoreUnavailable, InterruptedException {
    long now = System.nanoTime();
    if (store.overlapMillis() == 0
        || now - lastSweepNanos < TimeUnit.MILLISECONDS.toNanos(limits.sweepMillis())) {
      return false;
    }
    lastSweepNanos = now;
    List<Row> late = reader.sweep(clock.millis() - limits.messageLifeMillis(), limits.sweepReferences());
    if (late.isEmpty()) {
      return false;
    }
    log.info("the sweep found {} rows that had become visible late", late.size());
    inbox.add(late, reader.cursor(), known);
    return true;
  }

  private void subscribe() {
    if (feedEnded) {
      unsubscribe();
      feedEnded = false;
    }
    if (feed == null) {
      feed =
          table.follow(
              stream,
              this::wake,
              () -> {
                feedEnded = true;
                wake();
              });
    }
  }

  private void unsubscribe() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
  }

  private void wake() {
    if (wake.availablePermits() == 0) {
      wake.release();
    }
  }

  /** How long ago the store last answered. */
  public long millisSinceRead() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastReadNanos);
  }

  /** Stops reading; what was read stays in the inbox. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
