package org.interseal.launcher.bank;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.interseal.bank.founding.BankDesk;
import org.interseal.bank.founding.FoundingLock;
import org.interseal.bank.founding.NodeStanding;
import org.interseal.bank.founding.Operator;
import org.interseal.bank.founding.OperatorKey;
import org.interseal.crypto.KeyVault;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.launcher.federation.BankAccess;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a bank's operators do. */
@Command(
    name = "bank",
    mixinStandardHelpOptions = true,
    subcommands = {FoundBank.class, EnrolServer.class, ApproveServer.class},
    description = {
      "A bank's operators, its nodes, their eviction and the bank's encryption key, while it runs or not.",
      "Every command can be repeated, and is finished by that when it was interrupted.",
      "Exit code 1 when it was refused or could not be done."
    })
public final class BankCommand {
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();

  @Spec @Nullable CommandSpec spec;

  /** A bank's stores, opened. */
  @FunctionalInterface
  interface Task {
    int with(BankDirectory known, Store shared, Store own) throws IOException, StoreUnavailable;
  }

  @Command(
      name = "operator",
      mixinStandardHelpOptions = true,
      description = {
        "Makes an operator's own key in DIR, and DIR/NAME.pub to be registered by bank found.",
        "The directory is the operator's alone."
      })
  int operator(
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--operator-keys", required = true, paramLabel = "DIR") Path directory)
      throws IOException {
    Files.createDirectories(directory);
    KeyVault vault = BankAccess.vault(directory, random);
    Operator operator = OperatorKey.ensure(name, vault, random).operator();
    Path file = PublicOperator.write(operator, directory);
    say("operator " + name + ", to be registered: " + file);
    return 0;
  }

  @Command(
      name = "register",
      mixinStandardHelpOptions = true,
      description = "Registers the bank's operators, two or more, once and for all of them.")
  int register(
      @Mixin Place place,
      @Parameters(paramLabel = "FILE", arity = "2..*", description = "NAME.pub of each")
          List<Path> operators)
      throws IOException {
    List<Operator> all = new ArrayList<>();
    for (Path file : operators) {
      all.add(PublicOperator.read(file));
    }
    BankAccess access = place.open();
    try (FoundingLock _ = access.lock("bank register")) {
      access.desk(clock, random).register(all);
    }
    say(
        "operators of "
            + place.bankId()
            + ": "
            + all.stream().map(Operator::name).collect(Collectors.joining(", ")));
    return 0;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Every key that was certified for a node: its state, and which epochs it has.")
  int list(@Mixin Place place) throws IOException {
    BankAccess access = place.open();
    return on(
        access,
        (known, _, own) -> {
          known.bank(place.bankId()).ifPresent(licensed -> say("epoch " + licensed.epoch()));
          NodeStanding.list(place.bankId(), known, own, clock.instant())
              .forEach(node -> say(line(node)));
          return 0;
        });
  }

  private static String line(NodeStanding node) {
    return "%-24s %-8s since %s until %s  key %s%s"
        .formatted(
            node.node().wire(),
            node.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            node.since(),
            node.until(),
            node.key(),
            node.epochs().isEmpty()
                ? ""
                : "  epochs "
                    + node.epochs().stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  @Command(
      name = "evict",
      mixinStandardHelpOptions = true,
      description = {
        "Takes a node's database user and its voice away, at once and for ever, and starts a new epoch and a new period",
        "of the ledger for the others. Live servers put the eviction into the ledger and sign again what it left unanswered.",
        "One operator is enough."
      })
  int evict(
      @Mixin Place place,
      @Mixin Acting acting,
      @Parameters(paramLabel = "NODE", description = "name of the server, gateway or branch")
          String name,
      @Option(names = "--user-revoked", description = "its database user was revoked elsewhere")
          boolean userRevoked)
      throws IOException {
    BankAccess access = place.open();
    OperatorKey operator = acting.key(random);
    BankDesk.DatabaseUsers users =
        userRevoked
            ? node -> say("its database user was revoked elsewhere, says " + operator.name())
            : access.users(this::say);
    return changing(
        access,
        operator.name() + " (bank evict)",
        (known, shared, own) -> {
          Party node = node(name, known, place.bankId());
          access.desk(clock, random).evict(node, operator, users, this::warn, known, shared, own);
          say(node.wire() + " is evicted; the bank's epoch is " + epoch(access, shared));
          return 0;
        });
  }

  private static int epoch(BankAccess access, Store shared) throws IOException, StoreUnavailable {
    return access.known(shared).bank(access.bank()).orElseThrow().epoch();
  }

  /** By name alone, as every node has its own. */
  private Party node(String name, BankDirectory known, BankId bank) {
    List<Party> named =
        known.certifiedNodes(bank).stream()
            .map(certified -> certified.party())
            .filter(party -> party.name().equals(name))
            .distinct()
            .toList();
    if (named.size() != 1) {
      throw wrong(
          named.isEmpty()
              ? bank + " has no node " + name + ": see bank list"
              : name + " is the name of several nodes");
    }
    return named.getFirst();
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description = "Starts a new epoch of the bank's encryption key, wrapped to all its servers.")
  int rotate(@Mixin Place place, @Mixin Acting acting) throws IOException {
    BankAccess access = place.open();
    OperatorKey operator = acting.key(random);
    return changing(
        access,
        operator.name() + " (bank rotate)",
        (known, shared, own) -> {
          access.desk(clock, random).rotate(operator, known, shared, own);
          say("the bank's epoch is " + epoch(access, shared));
          return 0;
        });
  }

  @Command(
      name = "journal",
      mixinStandardHelpOptions = true,
      description = "Who did what: checks the operators' journal line by line and shows it.")
  int journal(@Mixin Place place) throws IOException {
    place
        .open()
        .desk(clock, random)
        .journal()
        .acts()
        .forEach(act ->
            say(
                act.number()
                    + "  "
                    + Instant.ofEpochMilli(act.atMillis())
                    + "  "
                    + act.operator()
                    + "  "
                    + act.action()
                    + "  "
                    + act.subject()));
    return 0;
  }

  /** Changes what is at a bank's founding vault: nobody else does meanwhile. */
  static int changing(BankAccess access, String who, Task task) throws IOException {
    try (FoundingLock _ = access.lock(who)) {
      return on(access, task);
    }
  }

  /** Does something with a bank's stores. */
  static int on(BankAccess access, Task task) throws IOException {
    try (Store shared = access.stores().openShared();
        Store own = access.stores().openBank(access.bank())) {
      return task.with(access.known(shared), shared, own);
    } catch (StoreUnavailable e) {
      throw new IOException("the store is not available: " + e.getMessage(), e);
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec().commandLine(), why);
  }

  private void warn(String line) {
    spec().commandLine().getErr().println(line);
    spec().commandLine().getErr().flush();
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
