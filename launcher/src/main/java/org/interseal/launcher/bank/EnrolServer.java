package org.interseal.launcher.bank;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.interseal.bank.founding.Enrolment;
import org.interseal.bank.founding.ServerEnrolment;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.launcher.federation.BankAccess;
import org.interseal.launcher.federation.FederationDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks for a server to join the bank. */
@Command(
    name = "enrol",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a server's key vault and leaves a signed request to let it join; run again after the approval, it proves",
      "the server's encryption key. Needs neither the founding vault nor the store."
    })
final class EnrolServer implements Callable<Integer> {
  @Option(
      names = "--data",
      defaultValue = "data",
      description =
          "where the federation, or this member of it, is kept (default: ${DEFAULT-VALUE})")
  Path data = Path.of("data");

  @Option(names = "--bank", required = true, paramLabel = "BIC", description = "the bank")
  String bank = "";

  @Mixin Acting acting = new Acting();

  @Parameters(paramLabel = "NODE", description = "the server's name")
  String name = "";

  @Option(
      names = "--enrolments",
      paramLabel = "DIR",
      description =
          "what is exchanged with who approves it (default: enrolments, in the bank's directory)")
  @Nullable Path enrolments;

  @Option(names = "--anew", description = "ask again, in place of a request that is there")
  boolean anew;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    SecureRandom random = new SecureRandom();
    FederationDirectory directory = new FederationDirectory(data);
    Party server = Party.server(new BankId(bank), name);
    Path home = directory.node(new BankId(bank), name);
    Files.createDirectories(home);
    ServerEnrolment.Progress progress =
        ServerEnrolment.advance(
            server,
            BankAccess.vault(home, random),
            acting.key(random),
            Enrolment.of(exchange(enrolments, directory, new BankId(bank)), server),
            anew,
            InstantSource.system(),
            random);
    say(
        switch (progress) {
          case REQUESTED ->
              server.wire() + " has asked to join: let a second operator say bank approve " + name;
          case ANSWERED ->
              server.wire()
                  + " has proved its key: let bank approve "
                  + name
                  + " be said once more";
        });
    return 0;
  }

  static Path exchange(@Nullable Path named, FederationDirectory directory, BankId bank) {
    return named == null ? directory.bank(bank).resolve("enrolments") : named;
  }

  private void say(String line) {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
