package org.interseal.store.rethinkdb;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.interseal.store.Monitor;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a store's {@link KeptRows} looked for, in a thread of its own. */
final class KeepingWatch implements AutoCloseable {
  private static final long MAX_PAUSE_MILLIS = 1_000;

  /** A row is looked for no later after its time than this part of it. */
  private static final int PAUSE_PART = 4;

  private static final Logger log = LoggerFactory.getLogger(KeepingWatch.class);

  private final Supplier<List<KeptRows>> tables;
  private final long pauseMillis;
  private final Monitor monitor;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicBoolean complained = new AtomicBoolean();

  /**
   * @param tables those there are by now
   */
  KeepingWatch(Supplier<List<KeptRows>> tables, long keepMillis, RunningTime time) {
    this.tables = tables;
    this.pauseMillis =
        Math.clamp(keepMillis / KeptRows.FIRST_LOOK_PART / PAUSE_PART, 1, MAX_PAUSE_MILLIS);
    this.monitor = new Monitor(time);
  }

  void start(String database) {
    Thread.ofVirtual().name("rethinkdb-kept-rows-" + database).start(this::lookUntilItIsOver);
  }

  private void lookUntilItIsOver() {
    try {
      while (!monitor.awaitMillis(over::get, pauseMillis)) {
        tables.get().forEach(this::look);
        monitor.wake();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(KeptRows table) {
    try {
      table.look();
      complained.set(false);
    } catch (StoreUnavailable e) {
      // Once, until it works again: whoever writes hears of it anyway.
      if (!over.get() && !complained.getAndSet(true)) {
        log.warn("rows that were written cannot be looked for yet: {}", e.getMessage());
      }
    } catch (RuntimeException e) {
      log.error("rows that were written cannot be looked for", e);
    }
  }

  /** Waits until every row was looked for to the end; false when that takes longer. */
  boolean awaitEmpty(long millis) throws InterruptedException {
    return monitor.awaitMillis(() -> tables.get().stream().allMatch(KeptRows::isEmpty), millis);
  }

  /** Does not wait for a look that is under way: the store's connections end it. */
  @Override
  public void close() {
    monitor.change(() -> over.set(true));
  }
}
