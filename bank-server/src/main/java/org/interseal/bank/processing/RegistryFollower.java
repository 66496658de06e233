package org.interseal.bank.processing;

import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.interseal.bank.inbox.Knowledge;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.DirectoryPolls;
import org.interseal.store.AppendTable;
import org.interseal.store.RunningTime;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the registry's view and the bank's own keys fresh: by feed, on request, and now and then,
 * the bank's own records most often ({@link DirectoryPolls}).
 */
final class RegistryFollower implements Knowledge, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RegistryFollower.class);
  private static final long POLL_MILLIS = 2_000;
  private static final long SWEEP_MILLIS = 10 * 60_000L;

  /** Who sends letters of unknown authors has the registry read that often, and no more often. */
  private static final long MIN_BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Store shared;
  private final BankDirectory directory;
  private final DirectoryPolls reads;
  private final NodePorts.KeyRefresh keys;
  private final ScheduledExecutorService timer;
  private final RunningTime time;

  /** Held while the store is read; guards the feed. */
  private final ReentrantLock reading = new ReentrantLock();

  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile boolean closed;
  private volatile boolean feedEnded = true;
  private long sweptNanos;
  private volatile long askedNanos;
  private AppendTable.@Nullable Feed feed;
  private @Nullable ScheduledFuture<?> poll;

  RegistryFollower(
      BankId bank,
      Store shared,
      BankDirectory directory,
      NodePorts.KeyRefresh keys,
      ScheduledExecutorService timer,
      RunningTime time) {
    this.shared = shared;
    this.directory = directory;
    this.reads = new DirectoryPolls(directory, Set.of(bank));
    this.keys = keys;
    this.timer = timer;
    this.time = time;
    this.sweptNanos = time.nanoTime();
    this.askedNanos = sweptNanos - MIN_BETWEEN_NANOS;
  }

  void start() {
    poll = timer.scheduleWithFixedDelay(() -> read(true), 0, POLL_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Reads everything, at once unless it just did. */
  @Override
  public void refreshSoon() {
    reads.unsure();
    if (time.nanoTime() - askedNanos >= MIN_BETWEEN_NANOS) {
      askedNanos = time.nanoTime();
      readSoon();
    }
  }

  /** A chain relies on records that this directory lacks: the next poll reads everything. */
  void behind() {
    reads.unsure();
  }

  private void readSoon() {
    if (!closed && asked.compareAndSet(false, true)) {
      try {
        timer.execute(() -> read(false));
      } catch (RejectedExecutionException e) {
        log.debug("not refreshed: shutting down");
      }
    }
  }

  private void read(boolean poll) {
    reading.lock();
    try {
      asked.set(false);
      if (!closed) {
        readOnce(poll);
      }
    } finally {
      reading.unlock();
    }
  }

  private void readOnce(boolean poll) {
    try {
      subscribe();
      boolean _ = poll ? reads.poll() : reads.readWoken();
      if (reads.feedSeemsMute()) {
        log.info("the feed of bank_keys seems to be mute and is replaced");
        feedEnded = true;
      }
      keys.refresh();
      if (time.nanoTime() - sweptNanos > TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS)) {
        sweptNanos = time.nanoTime();
        directory.sweep();
      }
    } catch (StoreUnavailable e) {
      log.warn("the registry's records are out of reach: {}", e.getMessage());
    } catch (RuntimeException e) {
      // A timer drops a task that throws: the bug must be seen, and the next round must come.
      log.error("reading the registry's records failed", e);
    }
  }

  private void subscribe() {
    if (feedEnded) {
      if (feed != null) {
        feed.close();
      }
      feedEnded = false;
      feed = shared.append(TableName.BANK_KEYS).followAll(this::wake, () -> feedEnded = true);
      reads.unsure();
    }
  }

  private void wake(String stream) {
    reads.woken(stream);
    readSoon();
  }

  @Override
  public void close() {
    closed = true;
    if (poll != null) {
      poll.cancel(false);
    }
    reading.lock();
    try {
      if (feed != null) {
        feed.close();
      }
    } finally {
      reading.unlock();
    }
  }
}
