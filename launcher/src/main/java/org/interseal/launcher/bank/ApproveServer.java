package org.interseal.launcher.bank;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.interseal.bank.founding.Enrolment;
import org.interseal.bank.founding.OperatorKey;
import org.interseal.identity.Party;
import org.interseal.launcher.federation.BankAccess;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Approves that a server joins the bank. */
@Command(
    name = "approve",
    mixinStandardHelpOptions = true,
    description = {
      "Approves, as another operator than the one who asked, that a server joins: first leaves a challenge for it;",
      "run again after the server's answer, certifies it and wraps the bank's keys to it. Needs the founding vault."
    })
final class ApproveServer implements Callable<Integer> {
  @Mixin Place place = new Place();
  @Mixin Acting acting = new Acting();

  @Parameters(paramLabel = "NODE", description = "the server's name")
  String name = "";

  @Option(
      names = "--enrolments",
      paramLabel = "DIR",
      description =
          "what is exchanged with who asked (default: enrolments, in the bank's directory)")
  @Nullable Path enrolments;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    SecureRandom random = new SecureRandom();
    BankAccess access = place.open();
    OperatorKey operator = acting.key(random);
    Party server = Party.server(access.bank(), name);
    Enrolment enrolment =
        Enrolment.of(EnrolServer.exchange(enrolments, access.directory(), access.bank()), server);
    return BankCommand.changing(
        access,
        operator.name() + " (bank approve)",
        (known, shared, own) -> {
          say(
              switch (access
                  .desk(InstantSource.system(), random)
                  .approve(server, operator, enrolment, known, shared, own)) {
                case CHALLENGED ->
                    "approved by "
                        + operator.name()
                        + "; a challenge for "
                        + server.wire()
                        + " is there: let bank enrol "
                        + name
                        + " be said once more";
                case ADMITTED -> server.wire() + " is certified and has the bank's keys";
              });
          return 0;
        });
  }

  private void say(String line) {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
