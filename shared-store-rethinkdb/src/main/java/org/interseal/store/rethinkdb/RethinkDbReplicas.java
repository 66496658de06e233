package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.ReqlFunction3;
import com.rethinkdb.gen.ast.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.rethinkdb.QueryOptions.ReadMode;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.Monitor;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * Compares what each node of a cluster has of a database's insert-only tables, and gives rows to
 * nodes that lack them.
 *
 * <p>A node of RethinkDB 2.4.4 that comes back while rows are written can end up without some of
 * them, and says that it has them. Nobody notices before it becomes primary. Rows are not changed,
 * so that what any node has of one is what all should have; only closed blocks and snapshots are
 * ever dropped, and those are not brought back.
 *
 * <p>May run while rows are written, but not beside a drop. Needs the cluster's {@code admin}, and
 * every node.
 */
public final class RethinkDbReplicas {
  /** A comparison that finds more differences ends. */
  public static final int MAX_DIFFERENCES = 100_000;

  private static final Duration MAX_PAGE_TIME = Duration.ofMinutes(2);
  private static final QueryOptions DIRECT =
      QueryOptions.SAFE.reading(ReadMode.DIRECT).within(MAX_PAGE_TIME);

  private static final int MAX_CONFIRMATIONS = 10;

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
    /** Readers do not have it, and it may be one of those that were dropped: not brought back. */
    LEFT,
    /** Nodes have different rows under its id. */
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
  private final long settleMillis;
  private final Monitor pauses = new Monitor(RunningTime.real());

  /**
   * @param nodes all that have a replica, each once
   */
  public RethinkDbReplicas(List<Node> nodes, RethinkDbStoreSettings settings) {
    this(nodes, settings, 1_000);
  }

  /**
   * @param settleMillis a node that is behind the majority gets so long, several times, to come up
   */
  RethinkDbReplicas(List<Node> nodes, RethinkDbStoreSettings settings, long settleMillis) {
    this.nodes = List.copyOf(nodes);
    this.settings = settings;
    this.settleMillis = settleMillis;
  }

  /**
   * Compares one insert-only table.
   *
   * @param mend whether to give rows to the nodes that lack them: with the stamp that readers see,
   *     or a new one where readers do not see the row
   * @throws StoreUnavailable when a node does not answer, the nodes are not those that have the
   *     table's replicas, a replica is not ready, a node restarted meanwhile, or there are too many
   *     differences
   */
  public Report check(TableName name, boolean mend) throws StoreUnavailable {
    try {
      ReplicaSet replicas = ReplicaSet.of(nodes, settings, name);
      Report report = compare(name, mend);
      replicas.requireUnchanged();
      return report;
    } catch (RethinkDbException e) {
      throw new StoreUnavailable("table %s: %s".formatted(called(name), e.getMessage()), e);
    }
  }

  /** As {@link #check}, whatever nodes these are. */
  Report compare(TableName name, boolean mend) throws StoreUnavailable {
    settings.requireHere(name, true);
    List<String> suspicious = new ArrayList<>();
    try {
      Table table = table(name);
      long rows =
          new ReplicaComparison(
                  nodes.stream().map(node -> replica(node, table)).toList(),
                  pageRows(name),
                  id -> note(suspicious, id))
              .run();
      return new Report(name, rows, differences(name, suspicious, mend));
    } catch (TooManyDifferences e) {
      throw new StoreUnavailable(
          "table %s: more than %d rows differ".formatted(called(name), MAX_DIFFERENCES), e);
    }
  }

  /** Servers read whole rows, whatever is asked of them. */
  private static int pageRows(TableName name) {
    return switch (name) {
      case BLOCKS, SNAPSHOTS -> 100;
      case TRANSACTIONS, BANK_KEYS, HEARTBEATS, WRAPPED_KEYS, MAILBOX, DEVICES, SET_ASIDE, LEASES ->
          2_000;
    };
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

  private List<Difference> differences(TableName name, List<String> suspicious, boolean mend)
      throws StoreUnavailable {
    if (suspicious.isEmpty()) {
      return List.of();
    }
    // A row on its way is at a majority first.
    pause();
    List<Difference> differences = new ArrayList<>();
    Map<String, Row> written = new HashMap<>();
    for (String id : suspicious) {
      List<Optional<Row>> had = atEach(name, id);
      if (had.stream().distinct().count() > 1) {
        Difference found = difference(name, id, had);
        differences.add(found);
        if (mend && found.state() == State.DIFFERENT) {
          Row known = had.stream().flatMap(Optional::stream).findFirst().orElseThrow();
          write(name, known);
          written.put(id, known);
        }
      }
    }
    return confirmed(name, differences, written);
  }

  private Difference difference(TableName name, String id, List<Optional<Row>> had) {
    List<String> lacking =
        IntStream.range(0, nodes.size())
            .filter(i -> had.get(i).isEmpty())
            .mapToObj(i -> nodes.get(i).name())
            .toList();
    List<Row> rows = had.stream().flatMap(Optional::stream).toList();
    boolean one =
        rows.stream().map(row -> List.of(row.stream(), row.body())).distinct().count() == 1;
    if (!one) {
      return new Difference(id, lacking, State.CONTRADICTORY);
    }
    boolean left = !lacking.isEmpty() && mayBeDropped(name, rows.getFirst());
    return new Difference(id, lacking, left ? State.LEFT : State.DIFFERENT);
  }

  /** Readers lack it, and it is a snapshot or a block from before the first one of its chain. */
  private boolean mayBeDropped(TableName name, Row row) {
    if (name != TableName.BLOCKS && name != TableName.SNAPSHOTS) {
      return false;
    }
    RethinkDbTemplate any = nodes.getFirst().admin();
    if (any.document(table(name).get(row.id())).isPresent()) {
      return false;
    }
    String chain = row.id().substring(0, row.id().indexOf('.') + 1);
    ReqlExpr first =
        table(name)
            .between(chain, chain + "\u007f")
            .orderBy()
            .optArg("index", StoreFields.ID)
            .limit(1)
            .g(StoreFields.ID);
    return name == TableName.SNAPSHOTS
        || any.value(first).map(id -> row.id().compareTo(id.toString()) < 0).orElse(true);
  }

  private List<Optional<Row>> atEach(TableName name, String id) {
    ReqlExpr rows = table(name).getAll(id);
    StoreFields fields = StoreFields.of(name);
    return nodes.stream()
        .map(node -> node.admin().documents(rows, DIRECT).stream().findFirst().map(fields::row))
        .toList();
  }

  /**
   * Where readers do not see the row, it gets a stamp that readers by cursor have not passed,
   * otherwise the one that they see.
   */
  void write(TableName name, Row known) {
    Optional<Row> seen =
        nodes
            .getFirst()
            .admin()
            .document(table(name).get(known.id()))
            .map(StoreFields.of(name)::row);
    write(
        name, known, seen.isPresent() ? seen.get().timestampMillis() : (Object) StoreFields.now());
  }

  /**
   * Each replica does this write for itself: who lacks the row takes it, who has it takes the
   * stamp, and another row that came under its id meanwhile stays.
   */
  void write(TableName name, Row known, Object stamp) {
    StoreFields fields = StoreFields.of(name);
    Map<String, Object> document = new HashMap<>();
    document.put(StoreFields.ID, known.id());
    document.put(fields.stream(), known.stream());
    document.put(fields.body(), known.body());
    document.put(StoreFields.TIMESTAMP, stamp);
    ReqlFunction3 sameButForItsStamp =
        (_, before, now) ->
            r.branch(
                before.without(StoreFields.TIMESTAMP).eq(now.without(StoreFields.TIMESTAMP)),
                now,
                before);
    var _ =
        nodes
            .getFirst()
            .admin()
            .document(
                table(name)
                    .insert(document)
                    .optArg("conflict", sameButForItsStamp)
                    .optArg("ignore_write_hook", true));
  }

  /** A node may have what was written a little later than the majority that acknowledged it. */
  private List<Difference> confirmed(
      TableName name, List<Difference> differences, Map<String, Row> written)
      throws StoreUnavailable {
    Map<String, Row> open = new HashMap<>(written);
    for (int i = 0; i < MAX_CONFIRMATIONS && !open.isEmpty(); i++) {
      if (i > 0) {
        pause();
      }
      open.values().removeIf(row -> haveAlike(name, row));
    }
    return differences.stream()
        .map(each ->
            written.containsKey(each.id()) && !open.containsKey(each.id())
                ? new Difference(each.id(), each.lacking(), State.MENDED)
                : each)
        .toList();
  }

  private boolean haveAlike(TableName name, Row row) {
    List<Optional<Row>> have = atEach(name, row.id());
    return have.stream().distinct().count() == 1
        && have.getFirst().map(Row::body).equals(Optional.of(row.body()));
  }

  private void pause() throws StoreUnavailable {
    try {
      boolean _ = pauses.awaitMillis(() -> false, settleMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted", e);
    }
  }
}
