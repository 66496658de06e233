package org.interseal.launcher.bank;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.interseal.bank.founding.BankDesk;
import org.interseal.bank.founding.BankFounding;
import org.interseal.bank.founding.FoundingLock;
import org.interseal.bank.founding.Licensee;
import org.interseal.bank.founding.Operator;
import org.interseal.bank.founding.RegistryApi;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankAccess;
import org.interseal.launcher.federation.FederationDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a bank's founding vault and applies for its licence. */
@Command(
    name = "found",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the founding vault of a bank that has none, registers its operators, and applies for the licence.",
      "An officer of the authority decides on the application. An application that was made is not made again."
    })
final class FoundBank implements Callable<Integer> {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  @Option(
      names = "--data",
      defaultValue = "data",
      description = "where this member of the federation is kept (default: ${DEFAULT-VALUE})")
  Path data = Path.of("data");

  @Option(names = "--bank", required = true, paramLabel = "BIC", description = "the bank")
  String bank = "";

  @Option(
      names = "--registry",
      required = true,
      paramLabel = "URL",
      description = "the authority's registry")
  URI registry = URI.create("");

  @Option(names = "--legal-name", required = true, description = "of the bank")
  String legalName = "";

  @Option(
      names = "--legal-form",
      defaultValue = "plc",
      description = "of the bank (default: ${DEFAULT-VALUE})")
  String legalForm = "plc";

  @Option(
      names = "--partitions",
      defaultValue = "1",
      description = "of its ledger, fixed for ever (default: ${DEFAULT-VALUE})")
  int partitions = 1;

  @Option(names = "--apply-anew", description = "though an application was made")
  boolean anew;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "NAME.pub of each operator, two or more")
  List<Path> operators = new ArrayList<>();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    BankId id = new BankId(bank);
    Path home = new FederationDirectory(data).bank(id).resolve("founding");
    Files.createDirectories(home);
    try (FoundingLock _ = FoundingLock.take(home, "bank found", FoundingLock.PATIENCE)) {
      return found(id, home, clock, random);
    }
  }

  private int found(BankId id, Path home, InstantSource clock, SecureRandom random)
      throws Exception {
    BankFounding founding =
        new BankFounding(id, BankAccess.vault(home, random), home, clock, random);
    say("the founding vault of " + id + " is in " + home);
    register(new BankDesk(id, founding, home, clock, random));
    Path made = home.resolve("application");
    if (Files.exists(made) && !anew) {
      say("application " + Files.readString(made).strip() + " was made: an officer decides on it");
      return 0;
    }
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build()) {
      String application =
          founding.apply(
              new RegistryApi(http, registry), new Licensee(legalName, legalForm, partitions));
      Files.writeString(made, application + "\n");
      say(
          "application "
              + application
              + " is made and both keys are proved: an officer decides on it");
    }
    return 0;
  }

  private void register(BankDesk desk) throws IOException {
    if (operators.isEmpty()) {
      return;
    }
    List<Operator> all = new ArrayList<>();
    for (Path file : operators) {
      all.add(PublicOperator.read(file));
    }
    desk.register(all);
    say("operators: " + String.join(", ", all.stream().map(Operator::name).toList()));
  }

  private void say(String line) {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
