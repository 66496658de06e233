package org.interseal.launcher.orders;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.interseal.client.ClientRuntime;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.FederationOptions;
import org.interseal.launcher.federation.LocalFederation;
import org.interseal.launcher.federation.PartitionChoice;
import org.interseal.launcher.federation.StoreChoice;
import org.interseal.launcher.fleet.DeviceFleet;
import org.interseal.protocol.json.ProtocolJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The main job: a file of payment orders through a federation of all banks that it names. */
@Command(
    name = "orders",
    mixinStandardHelpOptions = true,
    description = {
      "Submits every order of a CSV file (order_id,account_id,bank_to,account_to,amount,k_symbol; CZK) through a",
      "federation of a home bank and every bank named in the file, and waits for every answer.",
      "Exit code 0 when every order was answered and every account holds what its orders say."
    })
public final class OrdersCommand implements Callable<Integer> {
  private static final int MALFORMED = 65;
  private static final int MAX_COMPLAINTS_SHOWN = 20;
  private static final int MAX_IN_FLIGHT = 256;
  private static final int PORT_BASE = 17_400;

  @Parameters(paramLabel = "FILE", description = "the orders")
  Path file = Path.of("");

  @Option(names = "--data", description = "where the federation is kept (default: orders-data)")
  Path data = Path.of("orders-data");

  @Option(names = "--report", description = "write the figures to this file as JSON")
  @Nullable Path report;

  @Mixin PartitionChoice partitions = new PartitionChoice();

  @Mixin StoreChoice store = new StoreChoice();

  @Option(names = "--separate", description = "a JVM for each service")
  boolean separate;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    return switch (OrdersFile.read(
        file, new FederationDirectory(data).partitions(partitions.asked()))) {
      case OrdersFile.Content.Malformed(List<OrdersFile.Complaint> complaints) -> {
        complaints.stream().limit(MAX_COMPLAINTS_SHOWN).forEach(c -> err.println(file + ": " + c));
        if (complaints.size() > MAX_COMPLAINTS_SHOWN) {
          err.println("… and " + (complaints.size() - MAX_COMPLAINTS_SHOWN) + " more");
        }
        err.println("Nothing was sent.");
        err.flush();
        yield MALFORMED;
      }
      case OrdersFile.Content.Orders(List<PaymentOrder> orders) -> run(orders, out);
    };
  }

  private int run(List<PaymentOrder> orders, PrintWriter out) throws Exception {
    InstantSource clock = InstantSource.system();
    FederationDirectory directory = new FederationDirectory(data);
    List<BankId> banks = new ArrayList<>();
    banks.add(PaymentOrder.HOME);
    OrdersFile.bankCodes(orders).forEach(code -> banks.add(PaymentOrder.bank(code)));
    FederationOptions options =
        new FederationOptions(
                separate,
                false,
                PORT_BASE,
                store.rethinkDb(),
                FederationOptions.MANY_DEVICES_FROM_ONE_ADDRESS)
            .partitioned(partitions.asked());
    out.println(orders.size() + " orders, " + banks.size() + " banks, data in " + directory.root());
    out.flush();
    try (LocalFederation federation =
            LocalFederation.start(directory, banks, options, clock, line -> say(out, line));
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        ClientRuntime runtime = ClientRuntime.start(clock, new SecureRandom(), MAX_IN_FLIGHT);
        OrdersJournal journal = OrdersJournal.open(directory.root().resolve("orders-journal"))) {
      DeviceFleet fleet =
          DeviceFleet.open(
              directory.root().resolve("fleet"), runtime, new SecureRandom(), clock.millis());
      OrdersReport result =
          new OrdersRun(
                  new FederationBanks(federation, fleet, executor),
                  journal,
                  clock,
                  progressStream(),
                  isTerminal())
              .run(orders);
      print(result, out);
      if (report != null) {
        Files.writeString(report, ProtocolJson.encodeText(result));
      }
      return result.exitCode();
    }
  }

  @SuppressWarnings(
      "SystemConsoleNull") // it is null where the platform's console provider is left out
  private static boolean isTerminal() {
    java.io.Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static PrintStream progressStream() {
    return System.err;
  }

  private static void print(OrdersReport report, PrintWriter out) {
    out.println();
    out.printf("  %-22s %d%n", "orders", report.orders());
    out.printf("  %-22s %d%n", "accepted", report.accepted());
    report
        .rejected()
        .forEach((reason, count) -> out.printf("  %-22s %d%n", "rejected " + reason, count));
    out.printf("  %-22s %d%n", "unanswered", report.unanswered());
    out.printf(
        "  %-22s p50 %d, p95 %d, p99 %d%n",
        "latency (ms)",
        report.latencyMillis().p50(),
        report.latencyMillis().p95(),
        report.latencyMillis().p99());
    out.printf("  %-22s %d%n", "payments/s", report.paymentsPerSecond());
    out.printf("  %-22s %s%n", "totals before", report.totalsBefore());
    out.printf("  %-22s %s%n", "totals after", report.totalsAfter());
    out.printf("  %-22s %s%n", "conserved", report.conserved() ? "yes" : "NO");
    out.flush();
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
