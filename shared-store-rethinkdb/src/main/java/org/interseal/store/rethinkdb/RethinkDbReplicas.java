package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.ReqlFunction3;
import com.rethinkdb.gen.ast.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.interseal.rethinkdb.Document;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.rethinkdb.QueryOptions.ReadMode;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * Compares what each node of a cluster has of a database's insert-only tables, and gives rows to
 * nodes that lack them.
 *
 * <p>A node of RethinkDB 2.4.4 that comes back while rows are written can end up without some of
 * them, and says that it has them. Nobody notices before it becomes primary. Rows are never
 * changed, so that what any node has of one is what all should have.
 *
 * <p>May run while rows are written. Needs a user who may read and configure all tables, and every
 * node.
 */
public final class RethinkDbReplicas {
  /** A comparison that finds more differences ends. */
  public static final int MAX_DIFFERENCES = 100_000;

  private static final int PAGE_ROWS = 5_000;
  private static final QueryOptions DIRECT = QueryOptions.SAFE.reading(ReadMode.DIRECT);

  /**
   * One node.
   *
   * @param admin connected to this node alone
   */
  public record Node(String name, RethinkDbTemplate admin) {}

  /** What can be said of a row that nodes do not have alike. */
  public enum State {
    /** Some nodes lack it, or have it with another stamp. */
    DIFFERENT,
    /** As {@link #DIFFERENT}, and now all have it alike. */
    MENDED,
    /** Nodes have different rows under its id, or no longer any. */
    CONTRADICTORY
  }

  /**
   * A row that nodes do not have alike.
   *
   * @param lacking the nodes that do not have it; none when only stamps differ
   */
  public record Difference(String id, List<String> lacking, State state) {
    public Difference {
      lacking = List.copyOf(lacking);
    }
  }

  /**
   * What became of one table.
   *
   * @param rows that any node has
   */
  public record Report(TableName table, long rows, List<Difference> differences) {
    public Report {
      differences = List.copyOf(differences);
    }
  }

  private final List<Node> nodes;
  private final RethinkDbStoreSettings settings;

  /**
   * @param nodes all that have a replica, each once
   */
  public RethinkDbReplicas(List<Node> nodes, RethinkDbStoreSettings settings) {
    this.nodes = List.copyOf(nodes);
    this.settings = settings;
  }

  /**
   * Compares one insert-only table.
   *
   * @param mend whether to give rows to the nodes that lack them, all with the stamp that readers
   *     see now
   * @throws StoreUnavailable when a node does not answer, a replica is not ready, the table has
   *     another number of replicas than nodes were named, or there are too many differences
   */
  public Report check(TableName name, boolean mend) throws StoreUnavailable {
    settings.requireHere(name, true);
    Table table = table(name);
    try {
      requireAllReplicas(name);
      List<String> suspicious = new ArrayList<>();
      long rows =
          new ReplicaComparison(
                  nodes.stream().map(node -> replica(node, table)).toList(),
                  PAGE_ROWS,
                  id -> note(suspicious, id))
              .run();
      List<Difference> differences = new ArrayList<>();
      for (String id : suspicious) {
        difference(name, id, mend).ifPresent(differences::add);
      }
      return new Report(name, rows, differences);
    } catch (TooManyDifferences e) {
      throw new StoreUnavailable(
          "table %s: more than %d rows differ".formatted(called(name), MAX_DIFFERENCES), e);
    } catch (RethinkDbException e) {
      throw new StoreUnavailable("table %s: %s".formatted(called(name), e.getMessage()), e);
    }
  }

  private static final class TooManyDifferences extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static void note(List<String> suspicious, String id) {
    if (suspicious.size() == MAX_DIFFERENCES) {
      throw new TooManyDifferences();
    }
    suspicious.add(id);
  }

  private Table table(TableName name) {
    return r.db(settings.database()).table(StoreFields.tableName(name));
  }

  private String called(TableName name) {
    return settings.database() + "." + StoreFields.tableName(name);
  }

  private void requireAllReplicas(TableName name) throws StoreUnavailable {
    RethinkDbTemplate any = nodes.getFirst().admin();
    Document status =
        any.document(
                table(name)
                    .status()
                    .do_(each ->
                        r.hashMap("ready", each.g("status").g("all_replicas_ready"))
                            .with(
                                "replicas",
                                each.g("shards").map(shard -> shard.g("replicas").count()).max())))
            .orElseThrow();
    if (!Boolean.TRUE.equals(status.fields().get("ready"))) {
      throw new StoreUnavailable(
          "table %s: not all replicas are ready; wait until they are".formatted(called(name)));
    }
    if (status.number("replicas") != nodes.size()) {
      throw new StoreUnavailable(
          "table %s has %d replicas, and %d nodes were named: name all that have one"
              .formatted(called(name), status.number("replicas"), nodes.size()));
    }
  }

  private static ReplicaComparison.Replica replica(Node node, Table table) {
    return (after, maxRows) ->
        node
            .admin()
            .documents(
                table
                    .between(after.isEmpty() ? r.minval() : after, r.maxval())
                    .optArg("left_bound", "open")
                    .orderBy()
                    .optArg("index", StoreFields.ID)
                    .limit(maxRows)
                    .pluck(StoreFields.ID, StoreFields.TIMESTAMP),
                DIRECT)
            .stream()
            .map(document ->
                new RowRef(document.text(StoreFields.ID), document.number(StoreFields.TIMESTAMP)))
            .toList();
  }

  /** Looks again: a row that was on its way is everywhere by now. */
  private Optional<Difference> difference(TableName name, String id, boolean mend) {
    List<Optional<Row>> had = atEach(name, id);
    if (had.stream().distinct().count() == 1 && had.getFirst().isPresent()) {
      return Optional.empty();
    }
    List<String> lacking =
        IntStream.range(0, nodes.size())
            .filter(i -> had.get(i).isEmpty())
            .mapToObj(i -> nodes.get(i).name())
            .toList();
    List<Row> rows = had.stream().flatMap(Optional::stream).toList();
    if (rows.isEmpty()
        || rows.stream().map(row -> List.of(row.stream(), row.body())).distinct().count() > 1) {
      return Optional.of(new Difference(id, lacking, State.CONTRADICTORY));
    }
    boolean mended = mend && mend(name, rows);
    return Optional.of(new Difference(id, lacking, mended ? State.MENDED : State.DIFFERENT));
  }

  private List<Optional<Row>> atEach(TableName name, String id) {
    ReqlExpr rows = table(name).getAll(id);
    StoreFields fields = StoreFields.of(name);
    return nodes.stream()
        .map(node -> node.admin().documents(rows, DIRECT).stream().findFirst().map(fields::row))
        .toList();
  }

  /**
   * Each replica does this write for itself: who lacks the row takes it, who has it takes the
   * stamp, and another row that came under its id meanwhile stays.
   */
  boolean mend(TableName name, List<Row> rows) {
    Table table = table(name);
    StoreFields fields = StoreFields.of(name);
    RethinkDbTemplate any = nodes.getFirst().admin();
    Row known = rows.getFirst();
    Row told = any.document(table.get(known.id())).map(fields::row).orElse(known);
    Map<String, Object> document = new HashMap<>();
    document.put(StoreFields.ID, known.id());
    document.put(fields.stream(), known.stream());
    document.put(fields.body(), known.body());
    document.put(StoreFields.TIMESTAMP, told.timestampMillis());
    ReqlExpr write =
        table
            .insert(document)
            .optArg(
                "conflict",
                (ReqlFunction3)
                    (_, before, now) ->
                        r.branch(
                            before
                                .without(StoreFields.TIMESTAMP)
                                .eq(now.without(StoreFields.TIMESTAMP)),
                            now,
                            before))
            .optArg("ignore_write_hook", true);
    Document result = any.document(write).orElseThrow();
    List<Optional<Row>> have = atEach(name, known.id());
    return result.number("errors") == 0
        && have.stream().allMatch(row -> Objects.equals(row, have.getFirst()))
        && have.getFirst().map(Row::body).equals(Optional.of(known.body()));
  }
}
