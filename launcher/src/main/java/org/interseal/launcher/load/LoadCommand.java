package org.interseal.launcher.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.identity.BankId;
import org.interseal.launcher.ProgressBar;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.FederationStores;
import org.interseal.launcher.federation.NodeCounts;
import org.interseal.launcher.federation.OperatorClient;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.launcher.federation.PartitionChoice;
import org.interseal.launcher.federation.StoreChoice;
import org.interseal.launcher.federation.TellerClient;
import org.interseal.launcher.fleet.DeviceFleet;
import org.interseal.protocol.json.ProtocolJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Bounded load between two fresh banks, measured. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Pays between two fresh banks in both directions and measures latency, CPU, cryptography and"
          + " stored rows for",
      "each payment. The banks run in a process of their own, the devices in this one.",
      "Exit code 0 when every payment was answered and nothing was lost or doubled."
    })
public final class LoadCommand implements Callable<Integer> {
  private static final int NOT_GOOD = 1;
  private static final int MAX_PAYMENTS = 1_000_000;
  private static final int USUAL_WARM_UP = 10_000;
  private static final int MAX_CUSTOMERS = 5_000;
  private static final int OPEN_LOOP_REQUESTS = 2_048;
  private static final long SLACK_MINOR = 1_000_000;

  @Option(
      names = "--payments",
      defaultValue = "10000",
      description = "how many are measured (default: ${DEFAULT-VALUE})")
  int payments = 10_000;

  @Option(
      names = "--rate",
      description =
          "payments per second, sent when they are due (default: as fast as answers come)")
  @Nullable Double rate;

  @Option(
      names = "--at-once",
      defaultValue = "192",
      description = "most payments under way without --rate (default: ${DEFAULT-VALUE})")
  int atOnce = 192;

  @Option(
      names = "--warm-up",
      description =
          "payments before measuring (default: twice --payments, 10000 at most: virtual machines"
              + " compile meanwhile)")
  @Nullable Integer warmUp;

  @Option(
      names = "--customers",
      defaultValue = "50",
      description = "customers of each bank (default: ${DEFAULT-VALUE})")
  int customers = 50;

  @Option(names = "--report", description = "write the figures to this file as JSON")
  @Nullable Path report;

  @Mixin NodeCounts nodes = new NodeCounts();

  @Mixin PartitionChoice partitions = new PartitionChoice();

  @Mixin StoreChoice store = new StoreChoice();

  @Option(names = "--separate", description = "a JVM for each service of the banks")
  boolean separate;

  @Option(names = "--keep", description = "keep the banks' data directory")
  boolean keep;

  @Option(
      names = "--bank-java-option",
      hidden = true,
      description = "an option of the banks' JVM, for profiling")
  List<String> bankJavaOptions = List.of();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    require(payments >= 1 && payments <= MAX_PAYMENTS, "--payments takes 1 to " + MAX_PAYMENTS);
    require(warmUp() >= 0 && warmUp() <= MAX_PAYMENTS, "--warm-up takes 0 to " + MAX_PAYMENTS);
    require(
        customers >= 1 && customers <= MAX_CUSTOMERS, "--customers takes 1 to " + MAX_CUSTOMERS);
    require(atOnce >= 1 && atOnce <= MAX_CUSTOMERS, "--at-once takes 1 to " + MAX_CUSTOMERS);
    require(rate == null || (rate > 0 && rate <= MAX_PAYMENTS), "--rate takes more than 0");
    PrintWriter out = spec.commandLine().getOut();
    Path data = Files.createTempDirectory("interseal-load");
    try (TemporaryBanks banks =
        TemporaryBanks.start(
            data,
            separate,
            nodes,
            partitions.asked().orElse(1),
            keep,
            store.rethinkDb(),
            bankJavaOptions)) {
      LoadReport figures =
          run(banks.federation(), new FederationDirectory(data.resolve("federation")));
      print(figures, out);
      if (report != null) {
        Files.writeString(report, ProtocolJson.encodeText(figures));
      }
      if (keep) {
        out.println("kept: " + data);
        out.flush();
      }
      return figures.good() ? 0 : NOT_GOOD;
    }
  }

  private int warmUp() {
    return warmUp == null ? Math.min(USUAL_WARM_UP, 2 * payments) : warmUp;
  }

  private void require(boolean condition, String otherwise) {
    if (!condition && spec != null) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  /**
   * The banks' process and its directory; both are gone after closing, however this process ends.
   */
  private record TemporaryBanks(Path data, FederationProcess federation, boolean keep, Thread hook)
      implements AutoCloseable {
    static TemporaryBanks start(
        Path data,
        boolean separate,
        NodeCounts nodes,
        int partitions,
        boolean keep,
        Optional<String> rethinkDb,
        List<String> javaOptions)
        throws IOException {
      System.err.println("starting two banks in " + data);
      FederationProcess federation;
      try {
        federation =
            FederationProcess.start(
                data.resolve("federation"),
                data.resolve("banks.log"),
                separate,
                nodes,
                partitions,
                rethinkDb,
                javaOptions);
      } catch (IOException e) {
        System.err.println(Files.readString(data.resolve("banks.log")));
        if (!keep) {
          delete(data);
        }
        throw e;
      }
      Thread hook = new Thread(() -> stop(data, federation, keep));
      Runtime.getRuntime().addShutdownHook(hook);
      return new TemporaryBanks(data, federation, keep, hook);
    }

    private static void stop(Path data, FederationProcess federation, boolean keep) {
      federation.close();
      if (!keep) {
        try {
          new FederationDirectory(data.resolve("federation"))
              .stores(InstantSource.system())
              .drop(LoadFederation.BANKS);
        } catch (IOException e) {
          System.err.println("left behind: databases of " + data + " (" + e + ")");
        }
        delete(data);
      }
    }

    private static void delete(Path data) {
      try (Stream<Path> all = Files.walk(data)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(each);
        }
      } catch (IOException e) {
        System.err.println("left behind: " + data + " (" + e + ")");
      }
    }

    @Override
    public void close() {
      Runtime.getRuntime().removeShutdownHook(hook);
      stop(data, federation, keep);
    }
  }

  private LoadReport run(FederationProcess federation, FederationDirectory directory)
      throws Exception {
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    try (HttpClient http = HttpClient.newHttpClient();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        ClientRuntime runtime =
            ClientRuntime.start(clock, random, rate == null ? 2 * atOnce : OPEN_LOOP_REQUESTS)) {
      Map<BankId, TellerClient> tellers = new HashMap<>();
      for (BankPorts bank : federation.banks()) {
        tellers.put(
            bank.bank(),
            new TellerClient(
                http,
                bank.branch(),
                "teller",
                OwnerOnlySecret.read(directory.tellerPassword(bank.bank())),
                executor));
      }
      DeviceFleet fleet =
          DeviceFleet.open(directory.root().resolve("fleet"), runtime, random, clock.millis());
      long fundedMinor =
          ((payments + warmUp()) / (2L * customers) + 1) * PaymentMaker.MAX_AMOUNT_MINOR
              + SLACK_MINOR;
      Map<Customer, Device> opened =
          new CustomerSetup(tellers, fleet)
              .open(
                  federation.banks(),
                  customers,
                  fundedMinor,
                  progress("accounts and devices", 2 * customers)::step);
      FederationStores stores = directory.stores(clock);
      OperatorClient operator =
          new OperatorClient(http, OwnerOnlySecret.read(directory.operatorPassword()));
      LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
      try (PaymentLoad load = new PaymentLoad(opened, random, today, atOnce)) {
        return new LoadRun(
                federation,
                operator,
                stores,
                opened,
                load,
                total -> progress("payments", total),
                random)
            .run(warmUp(), payments, Optional.ofNullable(rate));
      }
    }
  }

  @SuppressWarnings(
      "SystemConsoleNull") // it is null where the platform's console provider is left out
  private static ProgressBar progress(String label, int total) {
    java.io.Console console = System.console();
    return new ProgressBar(System.err, console != null && console.isTerminal(), label, total);
  }

  private static void print(LoadReport figures, PrintWriter out) {
    out.println();
    line(out, "payments", figures.payments());
    line(
        out,
        "payments/s",
        figures.paymentsPerSecond()
            + ", and raw batched inserts/s of the same store: "
            + figures.rawInsertsPerSecond());
    line(
        out,
        "latency (ms)",
        "p50 "
            + figures.latencyMillis().p50()
            + ", p95 "
            + figures.latencyMillis().p95()
            + ", p99 "
            + figures.latencyMillis().p99());
    line(out, "banks' CPU (ms/payment)", Cost.rounded(1e3 * figures.bankCpuSecondsPerPayment()));
    line(
        out, "clients' CPU (ms/payment)", Cost.rounded(1e3 * figures.clientCpuSecondsPerPayment()));
    line(out, "crypto operations", figures.cryptoOperationsPerPayment());
    line(
        out,
        "rows/payment",
        figures.storeRowsPerPayment() + " " + figures.storeRowsPerPaymentByTable());
    figures.rejected().forEach((reason, count) -> line(out, "rejected " + reason, count));
    line(out, "unanswered", figures.unanswered());
    line(out, "lost", figures.lost());
    line(out, "doubled", figures.doubled());
    line(out, "conserved", figures.conserved() ? "yes" : "NO");
    out.flush();
  }

  private static void line(PrintWriter out, String label, Object value) {
    out.printf("  %-26s %s%n", label, value);
  }
}
