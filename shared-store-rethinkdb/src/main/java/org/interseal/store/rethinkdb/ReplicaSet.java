package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * The nodes that have a table's replicas, as their cluster says: which process each is, and that
 * they are all there are.
 */
final class ReplicaSet {
  private static final String SYSTEM = "rethinkdb";

  private final List<RethinkDbReplicas.Node> nodes;
  private final Table table;
  private final String called;
  private final Map<String, Object> processes;

  private ReplicaSet(List<RethinkDbReplicas.Node> nodes, Table table, String called)
      throws StoreUnavailable {
    this.nodes = nodes;
    this.table = table;
    this.called = called;
    this.processes = processes();
    requireReplicas();
  }

  /**
   * @throws StoreUnavailable when the nodes are not those that have the table's replicas, each
   *     once, or a replica is not ready
   */
  static ReplicaSet of(
      List<RethinkDbReplicas.Node> nodes, RethinkDbStoreSettings settings, TableName name)
      throws StoreUnavailable {
    String tableName = StoreFields.tableName(name);
    return new ReplicaSet(
        nodes,
        r.db(settings.database()).table(tableName),
        "table " + settings.database() + "." + tableName);
  }

  /** A node that restarted meanwhile may lack what was compared before. */
  void requireUnchanged() throws StoreUnavailable {
    requireReplicas();
    if (!processes().equals(processes)) {
      throw new StoreUnavailable(called + ": a node restarted meanwhile; compare once more");
    }
  }

  /** Of each server, by its name, the process as it and the first node say alike. */
  private Map<String, Object> processes() throws StoreUnavailable {
    Map<String, Object> found = new HashMap<>();
    for (RethinkDbReplicas.Node node : nodes) {
      String server = serverOf(node.admin());
      Object process = process(node.admin(), server);
      if (!process.equals(process(nodes.getFirst().admin(), server))) {
        throw new StoreUnavailable(
            "%s and %s are not of one cluster".formatted(nodes.getFirst().name(), node.name()));
      }
      if (found.put(server, process) != null) {
        throw new StoreUnavailable(
            "%s is server %s, as another of the named nodes: name each node once"
                .formatted(node.name(), server));
      }
    }
    return found;
  }

  /** Which server it is that answers: the one that runs this very query. */
  private static String serverOf(RethinkDbTemplate admin) throws StoreUnavailable {
    String token = UUID.randomUUID().toString();
    ReqlExpr servers =
        r.db(SYSTEM)
            .table("jobs")
            .filter(job ->
                job.g("type").eq("query").and(job.g("info").g("query").match(token).ne(null)))
            .g("servers")
            .nth(0)
            .nth(0);
    return admin
        .value(servers)
        .map(Object::toString)
        .orElseThrow(() -> new StoreUnavailable("a node does not say which server it is"));
  }

  private static Object process(RethinkDbTemplate admin, String server) {
    return admin
        .value(
            r.db(SYSTEM)
                .table("server_status")
                .filter(r.hashMap("name", server))
                .map(each ->
                    r.array(
                        each.g("id"),
                        each.g("process").g("pid"),
                        each.g("process").g("time_started").toEpochTime()))
                .coerceTo("array"))
        .map(Objects::toString)
        .orElse("unknown");
  }

  private void requireReplicas() throws StoreUnavailable {
    RethinkDbTemplate any = nodes.getFirst().admin();
    ReqlExpr ready = table.status().g("status").g("all_replicas_ready");
    if (!any.value(ready).equals(Optional.of(true))) {
      throw new StoreUnavailable(called + ": not all replicas are ready; wait until they are");
    }
    ReqlExpr shards = table.status().g("shards").map(shard -> shard.g("replicas").g("server"));
    for (Object shard : any.rows(shards, QueryOptions.SAFE)) {
      Set<String> servers = new HashSet<>();
      if (shard instanceof List<?> replicas) {
        replicas.forEach(server -> servers.add(String.valueOf(server)));
      }
      if (!servers.equals(processes.keySet())) {
        throw new StoreUnavailable(
            "%s has replicas on %s, and %s were named: name all that have one, and no others"
                .formatted(called, sorted(servers), sorted(processes.keySet())));
      }
    }
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }
}
