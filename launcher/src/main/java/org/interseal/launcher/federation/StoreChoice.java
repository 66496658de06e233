package org.interseal.launcher.federation;

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
      description = "sqlite (default) or rethinkdb: where a new federation keeps its rows")
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
    if (kind == Kind.sqlite && address != null) {
      throw refused("--rethinkdb needs --store rethinkdb");
    }
    if (kind == Kind.sqlite || (kind == null && address == null)) {
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

  private RuntimeException refused(String why) {
    return spec == null
        ? new IllegalArgumentException(why)
        : new ParameterException(spec.commandLine(), why);
  }
}
