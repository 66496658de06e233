package org.interseal.store.memory;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.interseal.store.AppendTable;
import org.interseal.store.MutableTable;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * A store in memory that does, from a seed, whatever a distributed store may do: rows visible late,
 * stamps equal or out of commit order, outcomes unknown, ids taken, feeds late, double, mute or
 * over.
 *
 * <p>What it keeps, as a correct store does: an acknowledged row is visible and stays; an id
 * belongs to the row that came first; a row that is acknowledged within the limit becomes visible
 * within the overlap.
 *
 * <p>Thread-safe. In real time ({@link Scheduler#on} an executor of two threads or more) it serves
 * tests with real threads; with {@link VirtualTime} and one thread a run repeats exactly. With
 * {@link Unkindness#none()} inserts are complete when they return; only wake-ups go through the
 * scheduler.
 */
public final class UnkindStore implements Store {
  private final UnkindDatabase database;
  private final AtomicBoolean closed = new AtomicBoolean();

  private final boolean observer;

  private UnkindStore(UnkindDatabase database) {
    this(database, false);
  }

  private UnkindStore(UnkindDatabase database, boolean observer) {
    this.database = database;
    this.observer = observer;
  }

  /** A new, empty federation database. */
  public static UnkindStore shared(
      long seed, InstantSource clock, Scheduler scheduler, Unkindness unkindness) {
    return new UnkindStore(new UnkindDatabase(true, seed, clock, scheduler, unkindness));
  }

  /** A new, empty database of one bank. */
  public static UnkindStore bank(
      long seed, InstantSource clock, Scheduler scheduler, Unkindness unkindness) {
    return new UnkindStore(new UnkindDatabase(false, seed, clock, scheduler, unkindness));
  }

  /** Another connection to the same database; works even when this one is closed. */
  public UnkindStore connect() {
    return new UnkindStore(database);
  }

  /**
   * A connection for who watches over a run: its reads see what is visible, never fail, and throw
   * no dice.
   */
  public UnkindStore observer() {
    return new UnkindStore(database, true);
  }

  /**
   * A new database with what is visible in this one now, which goes its own way from here: for many
   * runs from one beginning.
   */
  public UnkindStore copy(
      long seed, InstantSource clock, Scheduler scheduler, Unkindness unkindness) {
    return new UnkindStore(database.copy(seed, clock, scheduler, unkindness));
  }

  /**
   * Changes how unkind the database is from now on, for all connections.
   *
   * <p>Overlap and acknowledgement limit stay as they were at first.
   */
  public void become(Unkindness unkindness) {
    database.become(unkindness);
  }

  /** Ends the feeds of all connections, as a failover does. */
  public void endFeeds() {
    database.feeds().endAll();
  }

  /** Silences the feeds of all connections without a word to their followers. */
  public void muteFeeds() {
    database.feeds().muteAll();
  }

  @Override
  public AppendTable append(TableName name) {
    requireTable(name, true);
    return new UnkindAppendTable(this, database, name);
  }

  @Override
  public MutableTable mutable(TableName name) {
    requireTable(name, false);
    return new UnkindMutableTable(this, database, name);
  }

  private void requireTable(TableName name, boolean appendOnly) {
    if (name.shared() != database.isShared() || name.appendOnly() != appendOnly) {
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
    return database.nowMillis();
  }

  @Override
  public long overlapMillis() {
    return database.overlapMillis();
  }

  @Override
  public long acknowledgementLimitMillis() {
    return database.acknowledgementLimitMillis();
  }

  boolean isObserver() {
    return observer;
  }

  boolean isClosed() {
    return closed.get();
  }

  void requireOpen() throws StoreUnavailable {
    if (isClosed()) {
      throw new StoreUnavailable("the store is closed");
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      database.feeds().end(this);
    }
  }
}
