package org.interseal.store.sqlite;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.interseal.store.AppendTable;
import org.interseal.store.MutableTable;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * A store in one SQLite file on this machine. Several processes, and several stores of one process,
 * may have the same file open; all stores of a process on one file share its writer and readers.
 *
 * <p>Guarantees beyond the port's: what is acknowledged survives the death of the process and, the
 * disk keeping its promises, of the machine; stamps follow commit order, so {@link
 * #overlapMillis()} is 0.
 */
public final class SqliteStore implements Store {
  /**
   * Cursors need no overlap here, so a late acknowledgement costs nothing; this only has to be
   * finite.
   */
  private static final long ACKNOWLEDGEMENT_LIMIT_MILLIS = 60_000;

  private final SqliteEngine engine;
  private final boolean shared;
  private final InstantSource clock;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SqliteStore(SqliteEngine engine, boolean shared, InstantSource clock) {
    this.engine = engine;
    this.shared = shared;
    this.clock = clock;
  }

  /**
   * Opens, and creates where it is missing, the store that members share. Missing directories are
   * made; they and the file can be entered and read by their owner only.
   *
   * @throws StoreFormatRefused when the file is anything else or of another version
   * @throws java.io.UncheckedIOException when it cannot be opened
   */
  public static SqliteStore openShared(Path file, InstantSource clock) {
    return new SqliteStore(SqliteEngine.acquire(file, true, clock), true, clock);
  }

  /** As {@link #openShared}, for a bank's own store. */
  public static SqliteStore openBank(Path file, InstantSource clock) {
    return new SqliteStore(SqliteEngine.acquire(file, false, clock), false, clock);
  }

  @Override
  public AppendTable append(TableName name) {
    requireTable(name, true);
    return new SqliteAppendTable(this, engine, name, clock);
  }

  @Override
  public MutableTable mutable(TableName name) {
    requireTable(name, false);
    return new SqliteMutableTable(this, engine, name, clock);
  }

  private void requireTable(TableName name, boolean appendOnly) {
    if (name.shared() != shared || name.appendOnly() != appendOnly) {
      throw new IllegalArgumentException(
          "no "
              + (appendOnly ? "insert-only" : "mutable")
              + " table "
              + name.sqlName()
              + " in this store");
    }
  }

  @Override
  public long nowMillis() throws StoreUnavailable {
    requireOpen();
    return Math.max(clock.millis(), engine.lastStamp() + 1);
  }

  @Override
  public long overlapMillis() {
    return 0;
  }

  @Override
  public long acknowledgementLimitMillis() {
    return ACKNOWLEDGEMENT_LIMIT_MILLIS;
  }

  boolean isClosed() {
    return closed.get();
  }

  void requireOpen() throws StoreUnavailable {
    if (isClosed()) {
      throw new StoreUnavailable("the store is closed");
    }
  }

  /** Waits until what was submitted is settled; ends this store's feeds. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      engine.feeds().end(this);
      engine.release(clock);
    }
  }
}
