package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.InsertOutcome;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.AppendTable;
import org.interseal.store.MutableTable;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * One database of a RethinkDB cluster. Its schema was made by {@link RethinkDbSchema}.
 *
 * <p>Thread-safe. Calls of the port that read block, for as long as the pool's time-outs say.
 */
public final class RethinkDbStore implements Store {
  static final long LAST_LOOK_MILLIS = 3_000;

  private final RethinkDbStoreSettings settings;
  private final ConnectionPool pool;
  private final RethinkDbTemplate template;
  private final Semaphore inserting;
  private final Map<TableName, RethinkDbAppendTable> appendTables = new ConcurrentHashMap<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final StoreClock clock;

  private RethinkDbStore(RethinkDbStoreSettings settings, ConnectionPool pool) {
    this.settings = settings;
    this.pool = pool;
    this.template = new RethinkDbTemplate(pool);
    this.inserting = new Semaphore(Math.max(1, pool.settings().poolSize() - 1), true);
    this.clock =
        new StoreClock(() -> ask(() -> template.serverTime().toEpochMilli()), System::nanoTime);
  }

  /**
   * Opens a database.
   *
   * @param pool becomes the store's own: closing the store closes it
   * @throws StoreUnavailable when the cluster does not answer, or this user may not read the
   *     database
   * @throws DatabaseRefused when it is not such a database, or of another version
   */
  public static RethinkDbStore open(RethinkDbStoreSettings settings, ConnectionPool pool)
      throws StoreUnavailable {
    boolean opened = false;
    try {
      RethinkDbStore store = new RethinkDbStore(settings, pool);
      RethinkDbSchema.check(store.template, settings);
      opened = true;
      return store;
    } catch (RethinkDbException e) {
      throw new StoreUnavailable("database " + settings.database() + ": " + e.getMessage(), e);
    } finally {
      if (!opened) {
        pool.close();
      }
    }
  }

  @Override
  public AppendTable append(TableName name) {
    settings.requireHere(name, true);
    return appendTables.computeIfAbsent(name, table -> new RethinkDbAppendTable(this, table));
  }

  @Override
  public MutableTable mutable(TableName name) {
    settings.requireHere(name, false);
    return new RethinkDbMutableTable(this, name);
  }

  @Override
  public long nowMillis() throws StoreUnavailable {
    requireOpen();
    return clock.nowMillis();
  }

  @Override
  public long overlapMillis() {
    return settings.overlapMillis();
  }

  @Override
  public long acknowledgementLimitMillis() {
    return settings.acknowledgementLimitMillis();
  }

  /**
   * Inserts of all tables leave one of the pool's connections to reads, so that a table that takes
   * no writes does not keep readers of others waiting. They get their turn in order, after no more
   * than those before them may take.
   */
  InsertOutcome insert(Table table, List<Map<String, Object>> documents) {
    inserting.acquireUninterruptibly();
    try {
      return template.insert(table, documents, List.of(StoreFields.TIMESTAMP), QueryOptions.SAFE);
    } finally {
      inserting.release();
    }
  }

  /** A question to the cluster. */
  @FunctionalInterface
  interface Question<T> {
    T ask();
  }

  <T> T ask(Question<T> question) throws StoreUnavailable {
    requireOpen();
    try {
      return question.ask();
    } catch (RethinkDbException e) {
      throw new StoreUnavailable("database " + settings.database() + ": " + e.getMessage(), e);
    }
  }

  /** A question that leaves one of the pool's connections to others, as inserts do. */
  <T> T askInTurn(Question<T> question) throws StoreUnavailable {
    inserting.acquireUninterruptibly();
    try {
      return ask(question);
    } finally {
      inserting.release();
    }
  }

  void requireOpen() throws StoreUnavailable {
    if (isClosed()) {
      throw new StoreUnavailable("the store is closed");
    }
  }

  /**
   * Rows that the cluster had acknowledged to this store, that were gone soon after, and that were
   * put back.
   */
  public long rowsPutBack() {
    return counts().putBack();
  }

  /** Acknowledged rows that are gone for good: another row has their id, or it was too late. */
  public long rowsLost() {
    return counts().lost();
  }

  /** Acknowledged rows that were not looked for to the end: too many, or too long no answer. */
  public long rowsLetGo() {
    return counts().letGo();
  }

  private KeptRows.Counts counts() {
    return appendTables.values().stream()
        .map(table -> table.kept().counts())
        .reduce(KeptRows.Counts.NONE, KeptRows.Counts::plus);
  }

  /** Which table it is that keeps rows. */
  RethinkDbAppendTable written(TableName name) {
    return Objects.requireNonNull(appendTables.get(name));
  }

  boolean isClosed() {
    return closed.get();
  }

  RethinkDbStoreSettings settings() {
    return settings;
  }

  RethinkDbTemplate template() {
    return template;
  }

  Table table(TableName name) {
    return r.db(settings.database()).table(StoreFields.tableName(name));
  }

  /**
   * Looks once more for what was written last, for no longer than {@value #LAST_LOOK_MILLIS} ms,
   * waits for inserts under way, ends the feeds and closes the connections. Idempotent.
   */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      lookOnceMore();
      closed.set(true);
      appendTables.values().forEach(RethinkDbAppendTable::close);
      pool.close();
    }
  }

  private void lookOnceMore() {
    List<KeepingWatch> watches =
        appendTables.values().stream().map(RethinkDbAppendTable::keeping).toList();
    watches.forEach(KeepingWatch::stop);
    long begin = System.nanoTime();
    try {
      for (KeepingWatch watch : watches) {
        watch.awaitEnd(LAST_LOOK_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
