package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.Between;
import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.Table;
import java.util.List;
import java.util.regex.Pattern;
import org.interseal.rethinkdb.Document;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.Monitor;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Lets rows of a bank's database go that an operator has exported. The write hooks that keep rows
 * stand all the while: each deletion passes its table's by, which takes a user who may configure
 * the table. Killed at any point, this is finished by the same call again. Waits, for a minute and
 * a half at most, while rows are so young that a process which missed them would put them back.
 *
 * <p>Needs a user who may read {@code format}, and write and configure the table.
 */
public final class RethinkDbClosedRows {
  private static final int BATCH_ROWS = 200;

  /** Rows that somebody plants as fast as they go must not keep this busy for ever. */
  private static final int MAX_BATCHES = 1_000_000;

  /** Of rows' ids, streams and bodies: nothing that a pattern could take for something else. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:-]+");

  private final RethinkDbTemplate template;
  private final RethinkDbStoreSettings settings;
  private final Watch watch;
  private final Monitor pauses = new Monitor(RunningTime.real());

  /** Hears of each batch of rows that went. */
  @FunctionalInterface
  interface Watch {
    void dropped(long rows) throws StoreUnavailable;

    /** Rows are too young to be dropped for so long yet. */
    default void waits(long millis) throws StoreUnavailable {}
  }

  /**
   * @param settings a bank's database
   */
  public RethinkDbClosedRows(RethinkDbTemplate template, RethinkDbStoreSettings settings) {
    this(template, settings, _ -> {});
  }

  RethinkDbClosedRows(RethinkDbTemplate template, RethinkDbStoreSettings settings, Watch watch) {
    this.template = template;
    this.settings = settings;
    this.watch = watch;
  }

  /**
   * Removes the blocks with ids from one, inclusive, to another, exclusive; how many. The first of
   * them goes before any other, and they go in the order of their ids: whoever follows what is left
   * when this is cut off misses the beginning and takes no rest for the whole.
   */
  public long dropBlocks(String fromId, String beforeId) throws StoreUnavailable {
    requirePlain(fromId, beforeId);
    ReqlExpr blocks = table(TableName.BLOCKS).between(fromId, beforeId);
    ReqlExpr newest =
        blocks.orderBy().optArg("index", r.desc(StoreFields.ID)).limit(1).g(StoreFields.TIMESTAMP);
    return drop(newest, blocks.orderBy().optArg("index", StoreFields.ID), 1);
  }

  /** Removes the rows of a stream of snapshots whose body begins so; how many. */
  public long dropSnapshots(String stream, String bodyStart) throws StoreUnavailable {
    requirePlain(stream, bodyStart);
    StoreFields fields = StoreFields.of(TableName.SNAPSHOTS);
    String start = "^" + bodyStart.replace(".", "[.]");
    Between all =
        table(TableName.SNAPSHOTS)
            .between(r.array(stream), r.array(stream, r.maxval()))
            .optArg("index", RethinkDbSchema.BY_STREAM);
    // Of the whole stream, in the order of its index: a period may have a great many.
    ReqlExpr newest =
        all.orderBy()
            .optArg("index", r.desc(RethinkDbSchema.BY_STREAM))
            .limit(1)
            .g(StoreFields.TIMESTAMP);
    ReqlExpr snapshots = all.filter(row -> row.g(fields.body()).match(start).ne(null));
    return drop(newest, snapshots, BATCH_ROWS);
  }

  private static void requirePlain(String... texts) {
    for (String text : texts) {
      if (!PLAIN.matcher(text).matches()) {
        throw new IllegalArgumentException("not of a row: " + text);
      }
    }
  }

  /**
   * @param newest the stamp of the newest of the rows, unless there are none
   * @param firstRows what goes in the first batch: rows of one batch go in no order
   */
  private long drop(ReqlExpr newest, ReqlExpr rows, int firstRows) throws StoreUnavailable {
    try {
      RethinkDbSchema.check(template, settings);
      awaitKeptByNobody(newest);
      long all = 0;
      for (int batches = 0; batches < MAX_BATCHES; batches++) {
        long batch = dropBatch(rows, batches == 0 ? firstRows : BATCH_ROWS);
        if (batch == 0) {
          return all;
        }
        all += batch;
        watch.dropped(batch);
      }
      throw new StoreUnavailable("rows come as fast as they are dropped");
    } catch (RethinkDbException e) {
      throw new StoreUnavailable(
          "rows of database " + settings.database() + " were not dropped: " + e.getMessage(), e);
    }
  }

  /** Whoever wrote a row just before, and missed it, would put it back. */
  private void awaitKeptByNobody(ReqlExpr newest) throws StoreUnavailable {
    List<@Nullable Object> stamps = template.rows(newest, QueryOptions.SAFE);
    if (!stamps.isEmpty() && stamps.getFirst() instanceof Number stamp) {
      long ageMillis = template.serverTime().toEpochMilli() - stamp.longValue();
      long leftMillis = settings.putBackLimitMillis() - Math.max(0, ageMillis);
      if (leftMillis <= 0) {
        return;
      }
      watch.waits(leftMillis);
      try {
        boolean _ = pauses.awaitMillis(() -> false, leftMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreUnavailable("interrupted before any row was dropped", e);
      }
    }
  }

  /** How many rows went; 0 when there are no more. */
  private long dropBatch(ReqlExpr rows, int most) throws StoreUnavailable {
    Document result =
        template
            .document(rows.limit(most).delete().optArg("ignore_write_hook", true))
            .orElseThrow();
    if (result.number("errors") > 0) {
      throw new StoreUnavailable(
          "rows of database " + settings.database() + ": " + result.text("first_error"));
    }
    return result.number("deleted");
  }

  private Table table(TableName name) {
    return r.db(settings.database()).table(StoreFields.tableName(name));
  }
}
