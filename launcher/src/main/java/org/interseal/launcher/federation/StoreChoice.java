package org.interseal.launcher.federation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.interseal.rethinkdb.ServerAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which store a command's federation has; what is kept in a data directory already has its own. */
public final class StoreChoice {
  private static final String DEFAULT_ADDRESS = "127.0.0.1:28015";

  /** As on the command line. */
  enum Kind {
    sqlite,
    rethinkdb
  }

  @Option(
      names = "--store",
      description = "sqlite (default) or rethinkdb: where the federation keeps its rows")
  @Nullable Kind kind;

  @Option(
      names = "--rethinkdb",
      paramLabel = "HOST:PORT",
      description = "a RethinkDB server for --store rethinkdb (default: " + DEFAULT_ADDRESS + ")")
  @Nullable String address;

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  /** The address of the RethinkDB server, when it is to be that. */
  public Optional<String> rethinkDb() {
    if (!rethinkDbIsMeant()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ServerAddress.parse(
                  address == null ? DEFAULT_ADDRESS : address, ServerAddress.DEFAULT_PORT)
              .toString());
    } catch (IllegalArgumentException e) {
      throw refused("--rethinkdb takes HOST:PORT: " + e.getMessage());
    }
  }

  /** What is said of a federation that is there; empty when nothing is. */
  Optional<Kind> said() {
    return address == null ? Optional.ofNullable(kind) : Optional.of(Kind.rethinkdb);
  }

  /** The server, when it is named. */
  Optional<String> named() {
    return address == null ? Optional.empty() : rethinkDb();
  }

  /** The nodes of a cluster, {@code HOST[:PORT],…}. */
  List<ServerAddress> servers() {
    var _ = rethinkDbIsMeant();
    try {
      return Arrays.stream((address == null ? DEFAULT_ADDRESS : address).split(",", -1))
          .map(each -> ServerAddress.parse(each, ServerAddress.DEFAULT_PORT))
          .toList();
    } catch (IllegalArgumentException e) {
      throw refused("--rethinkdb takes HOST:PORT: " + e.getMessage());
    }
  }

  private boolean rethinkDbIsMeant() {
    if (kind == Kind.sqlite && address != null) {
      throw refused("--rethinkdb needs --store rethinkdb");
    }
    return kind == Kind.rethinkdb || address != null;
  }

  private RuntimeException refused(String why) {
    return spec == null
        ? new IllegalArgumentException(why)
        : new ParameterException(spec.commandLine(), why);
  }
}
