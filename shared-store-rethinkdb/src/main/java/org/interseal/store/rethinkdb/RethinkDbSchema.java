package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.Db;
import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.ReqlFunction3;
import com.rethinkdb.gen.ast.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.interseal.rethinkdb.Document;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * Makes a database, or completes one that was left half made or lost its write hooks. Needs a user
 * who may configure; no process of the federation is one.
 *
 * <p>The order is what makes it safe: a table's write hook stands before anything can be in the
 * table, and the row that says that the database is ready comes last.
 */
public final class RethinkDbSchema {
  /** The schema that this class makes, and the only one that the store opens. */
  public static final int VERSION = 1;

  /** [stream, timestamp, id]. */
  static final String BY_STREAM = "by_stream";

  static final String FORMAT = "format";
  private static final String KIND = "kind";
  private static final String NO_ROW = "not a row of this table";
  private static final String SHARED = "shared";
  private static final String BANK = "bank";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final QueryOptions PATIENT = QueryOptions.SAFE.within(PATIENCE);

  private final RethinkDbTemplate template;

  /**
   * @param template as a user who may configure
   */
  public RethinkDbSchema(RethinkDbTemplate template) {
    this.template = template;
  }

  /**
   * Makes what is missing, and waits until all of it is ready.
   *
   * @param replicas of every table, 1 to the number of the cluster's nodes; an odd number, as
   *     majorities decide
   * @throws DatabaseRefused when there is such a database of another kind or version
   */
  public void create(RethinkDbStoreSettings settings, int replicas) throws StoreUnavailable {
    try {
      createIfMissing(r.dbList().contains(settings.database()), r.dbCreate(settings.database()));
      Db db = r.db(settings.database());
      waitFor(table(db, FORMAT, replicas));
      format(template, db).ifPresent(found -> check(found, settings));
      createTables(db, tables(settings), replicas);
      template.value(
          db.table(FORMAT)
              .insert(
                  r.hashMap(StoreFields.ID, FORMAT)
                      .with(KIND, kind(settings))
                      .with(StoreFields.VERSION, VERSION))
              .optArg("conflict", "error"),
          PATIENT);
      check(template, settings);
    } catch (RethinkDbException e) {
      throw new StoreUnavailable("database " + settings.database() + ": " + e.getMessage(), e);
    }
  }

  /** All at once, as the cluster lets most of the time pass in waiting for each. */
  private void createTables(Db db, List<TableName> names, int replicas) {
    List<Future<?>> tables = new ArrayList<>();
    try (ExecutorService atOnce = Executors.newVirtualThreadPerTaskExecutor()) {
      names.forEach(name -> tables.add(atOnce.submit(() -> createTable(db, name, replicas))));
    }
    for (Future<?> table : tables) {
      if (table.state() == Future.State.FAILED) {
        throw table.exceptionNow() instanceof RethinkDbException refused
            ? refused
            : new IllegalStateException(table.exceptionNow());
      }
    }
  }

  private void createTable(Db db, TableName name, int replicas) {
    Table table = table(db, StoreFields.tableName(name), replicas);
    waitFor(table);
    template.value(
        table.setWriteHook(name.appendOnly() ? insertOnly(StoreFields.of(name)) : stamped()),
        PATIENT);
    if (name.appendOnly()) {
      StoreFields fields = StoreFields.of(name);
      createIfMissing(
          table.indexList().contains(BY_STREAM),
          table.indexCreate(
              BY_STREAM,
              row ->
                  r.array(
                      row.g(fields.stream()),
                      row.g(StoreFields.TIMESTAMP),
                      row.g(StoreFields.ID))));
      template.rows(table.indexWait(BY_STREAM), PATIENT);
    }
  }

  /** The tables of such a database, without {@code format}. */
  static List<TableName> tables(RethinkDbStoreSettings settings) {
    return Arrays.stream(TableName.values())
        .filter(name -> name.shared() == settings.shared())
        .toList();
  }

  private Table table(Db db, String name, int replicas) {
    createIfMissing(
        db.tableList().contains(name),
        db.tableCreate(name).optArg("replicas", replicas).optArg("durability", "hard"));
    return db.table(name);
  }

  private void waitFor(Table table) {
    template.value(
        table.config().update(r.hashMap("write_acks", "majority").with("durability", "hard")),
        PATIENT);
    template.rows(table.wait_().optArg("wait_for", "all_replicas_ready"), PATIENT);
  }

  private void createIfMissing(ReqlExpr exists, ReqlExpr create) {
    if (template.value(exists, PATIENT).filter(Boolean.TRUE::equals).isEmpty()) {
      try {
        template.value(create, PATIENT);
      } catch (RethinkDbException e) {
        // Somebody else may have made it at the same moment.
        if (template.value(exists, PATIENT).filter(Boolean.TRUE::equals).isEmpty()) {
          throw e;
        }
      }
    }
  }

  /**
   * The row as it will be stored: with the stamp of the node that took the write, whatever the
   * writer says.
   */
  private static ReqlExpr stampedRow(ReqlExpr context, ReqlExpr next) {
    return next.merge(r.hashMap(StoreFields.TIMESTAMP, StoreFields.millis(context.g("timestamp"))));
  }

  private static ReqlFunction3 insertOnly(StoreFields fields) {
    return (context, old, next) ->
        r.branch(
            r.or(old.ne(null), next.eq(null)),
            r.error("the table is insert-only"),
            r.not(
                r.and(
                    isName(next, StoreFields.ID, StoreLimits.MAX_ID_LENGTH),
                    isName(next, fields.stream(), StoreLimits.MAX_STREAM_LENGTH),
                    isBody(next, fields.body()),
                    hasOnly(
                        next,
                        StoreFields.ID,
                        fields.stream(),
                        fields.body(),
                        StoreFields.TIMESTAMP))),
            r.error(NO_ROW),
            stampedRow(context, next));
  }

  private static ReqlFunction3 stamped() {
    return (context, old, next) ->
        r.branch(
            next.eq(null),
            r.error("rows of this table stay"),
            r.not(
                r.and(
                    isName(next, StoreFields.ID, StoreLimits.MAX_ID_LENGTH),
                    isBody(next, StoreFields.BODY),
                    follows(next, old),
                    hasOnly(
                        next,
                        StoreFields.ID,
                        StoreFields.BODY,
                        StoreFields.VERSION,
                        StoreFields.TIMESTAMP))),
            r.error(NO_ROW),
            stampedRow(context, next));
  }

  /** Readers rely on what follows: a row that is none must not stop them. */
  private static ReqlExpr isName(ReqlExpr row, String field, int maxLength) {
    // The length apart: the server compiles the expression for every row, and one with bounds costs
    // far more.
    return r.and(
        isText(row, field),
        row.g(field).count().le(maxLength),
        row.g(field).match("^[A-Za-z0-9_.:-]+$").ne(null));
  }

  private static ReqlExpr isBody(ReqlExpr row, String field) {
    return r.and(isText(row, field), row.g(field).count().le(StoreLimits.MAX_BODY_LENGTH));
  }

  private static ReqlExpr isText(ReqlExpr row, String field) {
    return row.g(field).default_(0).typeOf().eq("STRING");
  }

  /** A row with more in it could be longer than any page. */
  private static ReqlExpr hasOnly(ReqlExpr row, String... fields) {
    return row.keys().setDifference(r.expr(List.of(fields))).isEmpty();
  }

  private static ReqlExpr follows(ReqlExpr next, ReqlExpr old) {
    ReqlExpr before = r.branch(old.eq(null), 0, old.g(StoreFields.VERSION).default_(0));
    return next.g(StoreFields.VERSION).default_(0).eq(before.add(1));
  }

  private static Optional<Document> format(RethinkDbTemplate template, Db db) {
    return template.document(db.table(FORMAT).get(FORMAT));
  }

  /**
   * @throws DatabaseRefused when the database is not what the settings say
   */
  static void check(RethinkDbTemplate template, RethinkDbStoreSettings settings) {
    Document found =
        format(template, r.db(settings.database()))
            .orElseThrow(() ->
                new DatabaseRefused(
                    "database "
                        + settings.database()
                        + " has no schema, or one that was left half made: create it"));
    check(found, settings);
  }

  private static void check(Document found, RethinkDbStoreSettings settings) {
    if (!found.text(KIND).equals(kind(settings))) {
      throw new DatabaseRefused(
          "database "
              + settings.database()
              + " is a database of kind "
              + found.text(KIND)
              + ", not "
              + kind(settings));
    }
    if (found.number(StoreFields.VERSION) != VERSION) {
      throw new DatabaseRefused(
          "database "
              + settings.database()
              + " has schema version "
              + found.number(StoreFields.VERSION)
              + ", this program knows "
              + VERSION
              + ": update it");
    }
  }

  private static String kind(RethinkDbStoreSettings settings) {
    return settings.shared() ? SHARED : BANK;
  }
}
