package org.interseal.launcher.replicas;

import static com.rethinkdb.RethinkDB.r;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.interseal.launcher.federation.DatabaseAccess;
import org.interseal.launcher.federation.DatabaseLogin;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.rethinkdb.RethinkDbReplicas;
import org.interseal.store.rethinkdb.RethinkDbReplicas.Difference;
import org.interseal.store.rethinkdb.RethinkDbReplicas.Report;
import org.interseal.store.rethinkdb.RethinkDbReplicas.State;
import org.interseal.store.rethinkdb.RethinkDbStoreSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds rows that not every node has, and gives them to those that lack them. */
@Command(
    name = "replicas",
    mixinStandardHelpOptions = true,
    description = {
      "Compares what each node of a RethinkDB cluster has of the federation's insert-only tables, as its admin.",
      "To be run, with --mend, whenever a node has come back: RethinkDB 2.4.4 can lose rows to it.",
      "Exit code 1 when nodes differ and were not mended, or the cluster could not be asked."
    })
public final class ReplicasCommand implements Callable<Integer> {
  private static final String BANK_PREFIX = "bank_";
  private static final int MAX_SHOWN = 100;

  @Mixin DatabaseLogin login = new DatabaseLogin();

  @Option(names = "--mend", description = "give rows to the nodes that lack them")
  boolean mend;

  @Option(
      names = "--shared-database",
      defaultValue = "interseal",
      description = {
        "what members share (default: ${DEFAULT-VALUE}); it and every",
        "database whose name begins with bank_ are looked through"
      })
  String shared = "interseal";

  @Spec @Nullable CommandSpec spec;

  private final SecureRandom random = new SecureRandom();

  @Override
  public Integer call() throws IOException {
    DatabaseAccess access = login.access();
    for (ServerAddress server : access.servers()) {
      if (Collections.frequency(access.servers(), server) > 1) {
        throw new IOException(server + " is named twice: name each node once");
      }
    }
    List<ConnectionPool> pools = new ArrayList<>();
    try {
      List<RethinkDbReplicas.Node> nodes = new ArrayList<>();
      for (ServerAddress server : access.servers()) {
        ConnectionPool pool = access.at(server).connect(random);
        pools.add(pool);
        nodes.add(new RethinkDbReplicas.Node(server.toString(), new RethinkDbTemplate(pool)));
      }
      return check(nodes);
    } catch (StoreUnavailable | RethinkDbException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      pools.forEach(ConnectionPool::close);
    }
  }

  private int check(List<RethinkDbReplicas.Node> nodes) throws StoreUnavailable {
    boolean alike = true;
    for (String database : databases(nodes.getFirst().admin())) {
      boolean ofMembers = database.equals(shared);
      RethinkDbReplicas replicas =
          new RethinkDbReplicas(nodes, RethinkDbStoreSettings.of(database, ofMembers));
      List<TableName> tables =
          Arrays.stream(TableName.values())
              .filter(table -> table.appendOnly() && table.shared() == ofMembers)
              .toList();
      for (TableName table : tables) {
        alike &= check(database, replicas, table);
      }
    }
    return alike ? 0 : 1;
  }

  /** What cannot be compared keeps nobody from comparing the rest. */
  private boolean check(String database, RethinkDbReplicas replicas, TableName table) {
    try {
      return tell(database, replicas.check(table, mend));
    } catch (StoreUnavailable e) {
      say("%s.%s: NOT COMPARED: %s".formatted(database, table.sqlName(), e.getMessage()));
      return false;
    }
  }

  private List<String> databases(RethinkDbTemplate admin) throws StoreUnavailable {
    List<String> databases =
        admin.value(r.dbList()).stream()
            .flatMap(names -> ((List<?>) names).stream())
            .map(String::valueOf)
            .filter(name -> name.equals(shared) || name.startsWith(BANK_PREFIX))
            .sorted()
            .toList();
    if (!databases.contains(shared)) {
      throw new StoreUnavailable("the cluster has no database " + shared);
    }
    return databases;
  }

  /** Whether all nodes have the same by now. */
  boolean tell(String database, Report report) {
    List<Difference> differences = report.differences();
    say(
        "%s.%s: %,d rows, %s"
            .formatted(
                database,
                report.table().sqlName(),
                report.rows(),
                differences.isEmpty() ? "alike" : differences.size() + " not alike"));
    differences.stream().limit(MAX_SHOWN).forEach(difference -> say("  " + words(difference)));
    if (differences.size() > MAX_SHOWN) {
      say("  and " + (differences.size() - MAX_SHOWN) + " more");
    }
    return differences.stream().allMatch(difference -> difference.state() == State.MENDED);
  }

  private static String words(Difference difference) {
    String where =
        difference.lacking().isEmpty()
            ? "stamps differ"
            : "not at " + String.join(", ", difference.lacking());
    return difference.id()
        + ": "
        + switch (difference.state()) {
          case MENDED -> where + "; mended";
          case DIFFERENT -> where;
          case LEFT -> where + "; may have been dropped on purpose, left as it is";
          case CONTRADICTORY -> "nodes contradict each other";
        };
  }

  private void say(String line) {
    if (spec != null) {
      spec.commandLine().getOut().println(line);
      spec.commandLine().getOut().flush();
    }
  }
}
