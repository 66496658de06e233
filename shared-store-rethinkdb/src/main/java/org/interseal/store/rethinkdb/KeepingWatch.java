package org.interseal.store.rethinkdb;

import java.util.concurrent.atomic.AtomicBoolean;
import org.interseal.store.Monitor;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a table's {@link KeptRows} looked for, in a thread of its own, and once more at the end. */
final class KeepingWatch {
  private static final long MAX_PAUSE_MILLIS = 1_000;

  /** A row is looked for no later after its turn than this part of its first wait. */
  private static final int PAUSE_PART = 4;

  private static final Logger log = LoggerFactory.getLogger(KeepingWatch.class);

  private final String table;
  private final KeptRows kept;
  private final long pauseMillis;
  private final Monitor monitor;
  private final AtomicBoolean started = new AtomicBoolean();
  private boolean over;
  private boolean ended;
  private boolean complained;

  /**
   * @param table its name, for people
   */
  KeepingWatch(String table, KeptRows kept, long keepMillis, RunningTime time) {
    this.table = table;
    this.kept = kept;
    this.pauseMillis =
        Math.clamp(keepMillis / KeptRows.FIRST_LOOK_PART / PAUSE_PART, 1, MAX_PAUSE_MILLIS);
    this.monitor = new Monitor(time);
  }

  /** There are rows to look for. Idempotent. */
  void start() {
    if (started.compareAndSet(false, true)) {
      Thread.ofVirtual().name("rethinkdb-kept-" + table).start(this::lookUntilItIsOver);
    }
  }

  private void lookUntilItIsOver() {
    try {
      while (!monitor.awaitMillis(() -> over, pauseMillis)) {
        look(kept::look);
        monitor.wake();
      }
      look(kept::lookForAll);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      kept.giveUp();
      monitor.change(() -> ended = true);
    }
  }

  @FunctionalInterface
  private interface Look {
    void look() throws StoreUnavailable;
  }

  /** A complaint is made once, until a look works again: who writes hears of the cause anyway. */
  private void look(Look look) {
    try {
      look.look();
      complained = complained && !kept.isEmpty();
    } catch (StoreUnavailable e) {
      complain(e.getMessage(), null);
    } catch (RuntimeException e) {
      complain("a bug", e);
    }
  }

  private void complain(@Nullable String why, @Nullable Throwable bug) {
    if (!complained) {
      complained = true;
      log.warn("{}: rows that were written cannot be looked for yet: {}", table, why, bug);
    }
  }

  /** Waits until every row was looked for to the end; false when that takes longer. */
  boolean awaitEmpty(long millis) throws InterruptedException {
    return monitor.awaitMillis(kept::isEmpty, millis);
  }

  /** Begins the last look, for all rows. */
  void stop() {
    monitor.change(() -> over = true);
  }

  /** Waits for the last look, and no longer. */
  void awaitEnd(long millis) throws InterruptedException {
    if (started.get()) {
      boolean _ = monitor.awaitMillis(() -> ended, millis);
    }
  }
}
