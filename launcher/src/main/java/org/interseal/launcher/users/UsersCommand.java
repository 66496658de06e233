package org.interseal.launcher.users;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.DatabaseLogin;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.service.ConfigurationRefused;
import org.interseal.service.SecretFile;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.rethinkdb.DatabaseUser;
import org.interseal.store.rethinkdb.NewPassword;
import org.interseal.store.rethinkdb.ProcessKind;
import org.interseal.store.rethinkdb.RethinkDbUsers;
import org.interseal.store.rethinkdb.RethinkDbUsers.Making;
import org.interseal.store.rethinkdb.RethinkDbUsers.Revocation;
import org.interseal.store.rethinkdb.UserRights;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes, lists and revokes the database users of processes. Passwords are in files alone. */
@Command(
    name = "users",
    mixinStandardHelpOptions = true,
    description = {
      "Makes, lists and revokes the users of a RethinkDB cluster, one for each process, as its admin.",
      "Every command can be repeated. Exit code 1 when the cluster could not be asked, or said no."
    })
public final class UsersCommand {
  private static final int REFUSED = 1;
  private static final String SHARED_DATABASE = "interseal";
  private static final String ANY_BANK = "{bic}";
  private static final String BANK_DATABASE = "bank_" + ANY_BANK;

  private final SecureRandom random = new SecureRandom();

  @Spec @Nullable CommandSpec spec;

  /** On the command line. */
  enum Kind {
    authority(ProcessKind.AUTHORITY),
    founder(ProcessKind.BANK_FOUNDER),
    server(ProcessKind.BANK_SERVER),
    gateway(ProcessKind.GATEWAY),
    branch(ProcessKind.BRANCH),
    observer(ProcessKind.OBSERVER);

    private final ProcessKind process;

    Kind(ProcessKind process) {
      this.process = process;
    }
  }

  /** A question to the cluster. */
  @FunctionalInterface
  private interface Task {
    int with(RethinkDbTemplate admin) throws IOException, StoreUnavailable;
  }

  @Command(
      name = "make",
      mixinStandardHelpOptions = true,
      description = {
        "Makes a process's user, or sets password and rights of the one that is there.",
        "Takes away all other rights that it has. The databases must be there."
      })
  int make(
      @Mixin DatabaseLogin login,
      @Parameters(
              paramLabel = "KIND",
              description = "authority, founder, server, gateway, branch or observer")
          Kind kind,
      @Option(names = "--bank", description = "BIC; of all but the authority")
          @Nullable String bank,
      @Option(names = "--node", description = "name of the server, gateway, branch or observer")
          @Nullable String node,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "FILE",
              description =
                  "the password's file: made, readable by its owner alone, where it is missing")
          Path file,
      @Option(names = "--renew", description = "put a new password into the file first")
          boolean renew,
      @Option(
              names = "--shared-database",
              defaultValue = SHARED_DATABASE,
              description = "what members share (default: ${DEFAULT-VALUE})")
          String shared,
      @Option(
              names = "--bank-database",
              defaultValue = BANK_DATABASE,
              description = "the bank's own (default: ${DEFAULT-VALUE})")
          String own)
      throws IOException {
    DatabaseUser user = user(kind, bank, node);
    return as(
        login,
        admin -> {
          NewPassword password = password(file, renew);
          return switch (users(admin, shared, own).make(user, password)) {
            case Making.Made(boolean anew) -> {
              say(user + (anew ? " made" : " was there: password and rights set") + ", " + file);
              yield 0;
            }
            case Making.NameRevoked _ ->
                refuse(
                    user
                        + " was revoked: take another name, or restart all nodes of the cluster and forget it");
          };
        });
  }

  private DatabaseUser user(Kind kind, @Nullable String bank, @Nullable String node) {
    try {
      return new DatabaseUser(
          kind.process, Optional.ofNullable(bank).map(BankId::new), node == null ? "" : node);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** It is in its file before the cluster has it, so that none is ever lost. */
  private NewPassword password(Path file, boolean renew) throws IOException {
    Path absolute = file.toAbsolutePath();
    if (renew || !Files.exists(absolute)) {
      OwnerOnlySecret.renew(absolute, random);
    }
    try {
      return NewPassword.of(String.valueOf(SecretFile.read("--to", absolute)));
    } catch (ConfigurationRefused e) {
      throw new IOException(e.getMessage() + ". " + e.action(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "--to: " + file + " holds something else than a password made here; --renew replaces it",
          e);
    }
  }

  private RethinkDbUsers users(RethinkDbTemplate admin, String shared, String own) {
    return new RethinkDbUsers(
        admin,
        shared,
        bank -> own.replace(ANY_BANK, bank.value().toLowerCase(Locale.ROOT)),
        random);
  }

  /** For what needs no databases. */
  private RethinkDbUsers users(RethinkDbTemplate admin) {
    return users(admin, SHARED_DATABASE, BANK_DATABASE);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Every user of the cluster, strangers too: its state and all its rights.")
  int list(@Mixin DatabaseLogin login) throws IOException {
    return as(
        login,
        admin -> {
          users(admin).list().forEach(this::describe);
          return 0;
        });
  }

  private void describe(UserRights user) {
    if (user.revoked()) {
      say(user.user() + "  revoked");
      return;
    }
    say(user.user() + (user.hasPassword() ? "" : "  NO PASSWORD"));
    user.rights().forEach(right -> say("  " + right.place() + ": " + words(right.allowed())));
  }

  private static String words(Map<UserRights.Permission, Boolean> said) {
    return said.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            each -> (each.getValue() ? "" : "not ") + each.getKey().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = {
        "Takes everything from a user at once; its name stays barred.",
        "All rights, then its password, then its queries and feeds under way."
      })
  int revoke(
      @Mixin DatabaseLogin login,
      @Parameters(paramLabel = "USER", description = "as list names it") String user)
      throws IOException {
    refuseAdmin(user);
    return as(
        login,
        admin ->
            switch (users(admin).revoke(user)) {
              case Revocation.Revoked(long ended) -> {
                say(user + " may do nothing any more; queries and feeds ended: " + ended);
                yield 0;
              }
              case Revocation.NoSuchUser _ -> refuse("nobody has the name " + user);
            });
  }

  @Command(
      name = "forget",
      mixinStandardHelpOptions = true,
      description = {
        "Frees a revoked name, after every node of the cluster was restarted.",
        "The restarts close the connections that its former bearer may have kept."
      })
  int forget(
      @Mixin DatabaseLogin login,
      @Parameters(paramLabel = "USER", description = "as list names it") String user)
      throws IOException {
    refuseAdmin(user);
    return as(
        login,
        admin -> {
          if (users(admin).forget(user)) {
            say(user + " is forgotten");
            return 0;
          }
          return refuse(user + " is no name that was revoked");
        });
  }

  @Command(
      name = "protect",
      mixinStandardHelpOptions = true,
      description = "Gives admin, who has no password on a fresh cluster, a new one.")
  int protect(
      @Mixin DatabaseLogin login,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "FILE",
              description =
                  "the new password's file: made, readable by its owner alone, where it is missing")
          Path file)
      throws IOException {
    return as(
        login,
        admin -> {
          users(admin).protectAdmin(password(file, false));
          say("admin has the password in " + file);
          return 0;
        });
  }

  private void refuseAdmin(String user) {
    if (user.equals("admin")) {
      throw wrong("admin cannot be revoked");
    }
  }

  private int as(DatabaseLogin login, Task task) throws IOException {
    try (ConnectionPool pool = login.access().connect(random)) {
      return task.with(new RethinkDbTemplate(pool));
    } catch (StoreUnavailable e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private int refuse(String why) {
    spec().commandLine().getErr().println("interseal: " + why);
    spec().commandLine().getErr().flush();
    return REFUSED;
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec().commandLine(), why);
  }

  private void say(String line) {
    spec().commandLine().getOut().println(line);
    spec().commandLine().getOut().flush();
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    return spec;
  }
}
