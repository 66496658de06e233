package org.interseal.launcher;

import org.interseal.launcher.bank.BankCommand;
import org.interseal.launcher.chaos.ChaosCommand;
import org.interseal.launcher.customer.Enrol;
import org.interseal.launcher.customer.Pay;
import org.interseal.launcher.customer.ShowBalance;
import org.interseal.launcher.customer.ShowStatement;
import org.interseal.launcher.customer.WatchMailbox;
import org.interseal.launcher.federation.UpCommand;
import org.interseal.launcher.load.LoadCommand;
import org.interseal.launcher.orders.OrdersCommand;
import org.interseal.launcher.period.PeriodCommand;
import org.interseal.launcher.provision.ProvisionCommand;
import org.interseal.launcher.replicas.ReplicasCommand;
import org.interseal.launcher.simulate.SimulateCommand;
import org.interseal.launcher.users.UsersCommand;
import org.interseal.launcher.verify.VerifyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code interseal} command. */
@Command(
    name = "interseal",
    mixinStandardHelpOptions = true,
    version = "Interseal 0.1.0",
    description = "A federation of banks on one shared store that none of them has to trust.",
    subcommands = {
      UpCommand.class,
      OrdersCommand.class,
      VerifyCommand.class,
      LoadCommand.class,
      ChaosCommand.class,
      SimulateCommand.class,
      ProvisionCommand.class,
      UsersCommand.class,
      ReplicasCommand.class,
      PeriodCommand.class,
      BankCommand.class,
      Enrol.class,
      ShowBalance.class,
      Pay.class,
      ShowStatement.class,
      WatchMailbox.class,
      HelpCommand.class
    })
public final class Interseal {
  private static final int FAILED = 1;

  private Interseal() {}

  /** Runs a command; exits with its code. */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** 0 when it did what was asked, 2 for a wrong call, another code as the command's help says. */
  public static int execute(String... args) {
    CommandLine command = commandLine();
    if (args.length == 0) {
      command.usage(System.out);
      return CommandLine.ExitCode.USAGE;
    }
    return command.execute(args);
  }

  /** All commands; an error is one line. */
  public static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Interseal());
    command.setExecutionExceptionHandler((e, line, _) -> {
      line.getErr().println("interseal: " + (e.getMessage() == null ? e : e.getMessage()));
      if (System.getProperty("interseal.stacktrace") != null) {
        e.printStackTrace(line.getErr());
      }
      line.getErr().flush();
      return FAILED;
    });
    return command;
  }
}
