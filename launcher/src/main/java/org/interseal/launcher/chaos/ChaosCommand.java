package org.interseal.launcher.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.FederationOptions;
import org.interseal.launcher.federation.LocalFederation;
import org.interseal.launcher.federation.NodeCounts;
import org.interseal.launcher.federation.PartitionChoice;
import org.interseal.launcher.federation.StoreChoice;
import org.interseal.launcher.federation.TellerClient;
import org.interseal.launcher.federation.UpCommand;
import org.interseal.launcher.fleet.DeviceFleet;
import org.interseal.launcher.load.Customer;
import org.interseal.launcher.load.CustomerSetup;
import org.interseal.launcher.load.PaymentMaker;
import org.interseal.launcher.verify.Soundness;
import org.interseal.protocol.json.ProtocolJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Kills and pauses processes of fresh banks under load, and audits every payment. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = {
      "Pays inside and between fresh banks while their servers and gateways, each in a JVM of its"
          + " own, are",
      "killed, paused and restarted at random; then holds every account against what was asked, and"
          + " verifies.",
      "Exit code 0 when processes were killed, payments settled, nothing was lost or doubled and"
          + " everything is sound."
    })
public final class ChaosCommand implements Callable<Integer> {
  private static final int NOT_GOOD = 1;
  private static final int MAX_BANKS = 10;
  private static final int MAX_MINUTES = 24 * 60;
  private static final int MAX_CUSTOMERS = 1_000;

  /** Of a partition: one pays the other when a take-over is measured. */
  private static final int CUSTOMERS_OF_EACH = 2;

  private static final int MAX_REQUESTS = 1_024;
  private static final long FUNDED_MINOR = 1_000_000_000;

  @Option(
      names = "--minutes",
      defaultValue = "5",
      description = "for how long faults are made (default: ${DEFAULT-VALUE})")
  double minutes = 5;

  @Option(names = "--kills", description = "stop after so many kills, if that is sooner")
  int kills = Integer.MAX_VALUE;

  @Option(names = "--seed", description = "of all random choices (default: a fresh one)")
  @Nullable Long seed;

  @Option(
      names = "--take-overs",
      description = "kill only the server that writes, one at a time, and measure the gap")
  boolean takeOvers;

  @Option(
      names = "--banks",
      defaultValue = "2",
      description = "how many banks (default: ${DEFAULT-VALUE})")
  int banks = 2;

  @Option(
      names = "--servers",
      defaultValue = "2",
      description = "how many servers each bank has (default: ${DEFAULT-VALUE})")
  int servers = 2;

  @Option(
      names = "--gateways",
      defaultValue = "2",
      description = "how many gateways each bank has (default: ${DEFAULT-VALUE})")
  int gateways = 2;

  @Option(
      names = "--customers",
      defaultValue = "10",
      description = "customers of each bank (default: ${DEFAULT-VALUE})")
  int customers = 10;

  @Option(
      names = "--at-once",
      defaultValue = "8",
      description = "payments of each bank under way (default: ${DEFAULT-VALUE})")
  int atOnce = 8;

  @Option(
      names = "--port-base",
      defaultValue = "25400",
      description = "first port to try (default: ${DEFAULT-VALUE})")
  int portBase = 25_400;

  @Option(names = "--report", description = "write the figures to this file as JSON")
  @Nullable Path report;

  @Option(names = "--keep", description = "keep the banks' data directory")
  boolean keep;

  @Mixin PartitionChoice partitions = new PartitionChoice();

  @Mixin StoreChoice store = new StoreChoice();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    require(minutes > 0 && minutes <= MAX_MINUTES, "--minutes takes up to " + MAX_MINUTES);
    require(banks >= 1 && banks <= MAX_BANKS, "--banks takes 1 to " + MAX_BANKS);
    require(kills >= 0, "--kills takes 0 or more");
    require(
        customers >= 3 && customers <= MAX_CUSTOMERS, "--customers takes 3 to " + MAX_CUSTOMERS);
    require(atOnce >= 1 && atOnce <= MAX_CUSTOMERS, "--at-once takes 1 to " + MAX_CUSTOMERS);
    require(
        servers >= 1 && servers <= NodeCounts.MAX && gateways >= 1 && gateways <= NodeCounts.MAX,
        "--servers and --gateways take 1 to " + NodeCounts.MAX);
    int parts = partitions.asked().orElse(1);
    require(
        customers >= CUSTOMERS_OF_EACH * parts && atOnce >= parts,
        "with "
            + parts
            + " partitions --customers takes "
            + CUSTOMERS_OF_EACH * parts
            + " or more, --at-once "
            + parts
            + " or more");
    require(!takeOvers || servers > 1, "--take-overs needs two servers or more");
    PrintWriter out = spec.commandLine().getOut();
    Path data = Files.createTempDirectory("interseal-chaos");
    FederationDirectory directory = new FederationDirectory(data.resolve("federation"));
    boolean good = false;
    try {
      ChaosReport figures = verified(faults(directory, out), directory, out);
      print(figures, out);
      if (report != null) {
        Files.writeString(report, ProtocolJson.encodeText(figures));
      }
      good = figures.good(kills > 0);
      return good ? 0 : NOT_GOOD;
    } finally {
      if (good && !keep) {
        delete(directory, data);
      } else {
        say(out, "kept: " + data);
      }
    }
  }

  private void require(boolean condition, String otherwise) {
    if (!condition && spec != null) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private ChaosReport faults(FederationDirectory directory, PrintWriter out) throws Exception {
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    long chosen = seed == null ? random.nextLong() : seed;
    say(out, "seed " + chosen + ", data in " + directory.root());
    FederationOptions options =
        new FederationOptions(
                true,
                false,
                portBase,
                store.rethinkDb(),
                FederationOptions.MANY_DEVICES_FROM_ONE_ADDRESS)
            .nodes(servers, gateways)
            .partitioned(partitions.asked());
    try (LocalFederation federation =
            LocalFederation.start(
                directory, UpCommand.names(banks), options, clock, line -> say(out, line));
        EndOfProcess _ = EndOfProcess.closes(federation);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        ClientRuntime runtime = ClientRuntime.start(clock, random, MAX_REQUESTS)) {
      Map<BankId, TellerClient> tellers = new HashMap<>();
      for (BankPorts bank : federation.banks()) {
        tellers.put(bank.bank(), federation.teller(bank, executor));
      }
      DeviceFleet fleet =
          DeviceFleet.open(directory.root().resolve("fleet"), runtime, random, clock.millis());
      say(out, "opening " + customers + " accounts at each bank");
      Map<Customer, Device> devices =
          new CustomerSetup(tellers, fleet)
              .open(federation.banks(), customers, FUNDED_MINOR, () -> {});
      LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
      return new ChaosRun(
              federation, devices, new PaymentMaker(random, today), line -> say(out, line))
          .run(
              new ChaosRun.Terms(
                  chosen,
                  servers,
                  gateways,
                  Duration.ofMillis((long) (minutes * 60_000)).toNanos(),
                  kills,
                  takeOvers,
                  atOnce));
    }
  }

  private static ChaosReport verified(
      ChaosReport figures, FederationDirectory directory, PrintWriter out)
      throws IOException, InterruptedException {
    say(out, "verifying");
    List<String> complaints = Soundness.complaints(directory);
    complaints.forEach(complaint -> say(out, "NOT SOUND: " + complaint));
    return figures.verified(complaints.isEmpty());
  }

  private void delete(FederationDirectory directory, Path data) {
    try {
      directory.stores(InstantSource.system()).drop(UpCommand.names(banks));
      try (Stream<Path> all = Files.walk(data)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(each);
        }
      }
    } catch (IOException e) {
      System.err.println("left behind: " + data + " (" + e + ")");
    }
  }

  private static void print(ChaosReport figures, PrintWriter out) {
    out.println();
    line(out, "kills", figures.kills());
    line(out, "pauses, restarts", figures.pauses() + ", " + figures.restarts());
    line(out, "payments", figures.payments());
    figures.rejected().forEach((reason, count) -> line(out, "rejected " + reason, count));
    line(out, "lost", figures.lost() + ", of them " + figures.unanswered() + " unanswered");
    line(out, "doubled", figures.doubled());
    line(out, "longest gap (ms)", figures.longestGapMillis());
    TakeOvers overs = figures.takeOverMillis();
    line(
        out,
        "take-over (ms)",
        overs.count()
            + " measured: p50 "
            + overs.p50()
            + ", p95 "
            + overs.p95()
            + ", p99 "
            + overs.p99()
            + ", max "
            + overs.max());
    line(out, "conserved", figures.conserved() ? "yes" : "NO");
    line(out, "verified", figures.verified() ? "yes" : "NO");
    figures.wrong().forEach(what -> line(out, "WRONG", what));
    out.flush();
  }

  private static void line(PrintWriter out, String label, Object value) {
    out.printf("  %-26s %s%n", label, value);
  }

  private static synchronized void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
