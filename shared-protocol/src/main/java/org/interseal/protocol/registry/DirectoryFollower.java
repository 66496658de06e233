package org.interseal.protocol.registry;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.interseal.identity.BankId;
import org.interseal.store.AppendTable;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link BankDirectory} current on a thread of its own: reads what the feed names, looks
 * every {@code pollEvery} in any case, since a feed may end or go mute (see {@link
 * DirectoryPolls}), and sweeps every {@value #REFRESHES_PER_SWEEP} polls.
 */
public final class DirectoryFollower implements AutoCloseable {
  /** So many polls pass between two readings of the whole table. */
  static final int REFRESHES_PER_SWEEP = 720;

  private static final Logger LOG = System.getLogger(DirectoryFollower.class.getName());

  private final BankDirectory directory;
  private final DirectoryPolls reads;
  private final AppendTable table;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("bank-directory").factory());
  private final AtomicBoolean readQueued = new AtomicBoolean();
  private AppendTable.@Nullable Feed feed;
  private int polls;
  private volatile boolean reachable = true;

  private DirectoryFollower(BankDirectory directory, AppendTable table, Set<BankId> always) {
    this.directory = directory;
    this.reads = new DirectoryPolls(directory, always);
    this.table = table;
  }

  /**
   * Starts at once; the first refresh runs on the follower's thread.
   *
   * @param always banks whose records every look reads, whatever the feed says: one's own
   */
  public static DirectoryFollower start(
      BankDirectory directory, Store shared, Duration pollEvery, Set<BankId> always) {
    DirectoryFollower follower =
        new DirectoryFollower(directory, shared.append(TableName.BANK_KEYS), always);
    var _ =
        follower.thread.scheduleWithFixedDelay(
            follower::poll, 0, pollEvery.toMillis(), TimeUnit.MILLISECONDS);
    return follower;
  }

  /** Whether the last attempt to read the store went well. */
  public boolean storeReachable() {
    return reachable;
  }

  private void poll() {
    if (feed == null) {
      feed = table.followAll(this::wake, this::feedEnded);
      reads.unsure();
    }
    polls++;
    read(polls % REFRESHES_PER_SWEEP == 0 ? directory::sweep : reads::poll);
    AppendTable.Feed open = feed;
    if (reads.feedSeemsMute() && open != null) {
      LOG.log(Level.INFO, "the feed of bank_keys seems to be mute and is replaced");
      open.close();
      feed = null;
    }
  }

  private void wake(String stream) {
    reads.woken(stream);
    if (!thread.isShutdown() && readQueued.compareAndSet(false, true)) {
      submit(() -> {
        readQueued.set(false);
        read(reads::readWoken);
      });
    }
  }

  /** The next poll follows again. */
  private void feedEnded() {
    submit(() -> feed = null);
  }

  private void submit(Runnable task) {
    try {
      thread.execute(task);
    } catch (java.util.concurrent.RejectedExecutionException closing) {
      readQueued.set(false);
    }
  }

  /** A reading of the store; says whether anything changed. */
  @FunctionalInterface
  private interface Reading {
    boolean run() throws StoreUnavailable;
  }

  private void read(Reading reading) {
    try {
      boolean _ = reading.run();
      reachable = true;
    } catch (StoreUnavailable e) {
      // What was known stays in force; the next poll tries again, and health shows it.
      reachable = false;
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      var _ = thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    AppendTable.Feed open = feed;
    if (open != null) {
      open.close();
    }
  }
}
