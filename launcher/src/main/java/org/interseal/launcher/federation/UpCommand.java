package org.interseal.launcher.federation;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.interseal.crypto.SuiteInUse;
import org.interseal.identity.BankId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Starts a federation on this machine and keeps it running until it is interrupted or one of its
 * services ends.
 */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description =
        "Starts an authority and banks, each with servers, gateways and a branch, on this machine.")
public final class UpCommand implements Callable<Integer> {
  private static final long STOP_SECONDS = 60;
  private static final int SERVICE_ENDED = 1;

  @Option(
      names = "--banks",
      defaultValue = "2",
      description = "how many banks (default: ${DEFAULT-VALUE})")
  int banks = 2;

  @Option(
      names = "--data",
      defaultValue = "data",
      description = "where everything is kept (default: ${DEFAULT-VALUE})")
  Path data = Path.of("data");

  @Option(names = "--separate", description = "a JVM for each service")
  boolean separate;

  @Option(names = "--no-dashboard", negatable = false, description = "leave Spring Boot Admin out")
  boolean noDashboard;

  @Option(
      names = "--port-base",
      defaultValue = "7400",
      description = "first port to try (default: ${DEFAULT-VALUE})")
  int portBase = FederationOptions.DEFAULT_PORT_BASE;

  @Mixin NodeCounts nodes = new NodeCounts();

  @Mixin PartitionChoice partitions = new PartitionChoice();

  @Mixin StoreChoice store = new StoreChoice();

  @Option(names = "--many-devices", hidden = true, description = "limits for load from one address")
  boolean manyDevices;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    if (banks < 1 || banks > FederationDescription.MAX_BANKS) {
      throw new picocli.CommandLine.ParameterException(
          spec.commandLine(), "--banks takes 1 to " + FederationDescription.MAX_BANKS);
    }
    PrintWriter out = spec.commandLine().getOut();
    CountDownLatch stopped = new CountDownLatch(1);
    AtomicBoolean stopping = new AtomicBoolean();
    Thread starter = Thread.currentThread();
    Thread hook =
        new Thread(() -> {
          if (stopping.compareAndSet(false, true)) {
            starter.interrupt();
          }
          try {
            var _ = stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Runtime.getRuntime().addShutdownHook(hook);
    long startNanos = System.nanoTime();
    FederationOptions options =
        new FederationOptions(
                separate,
                !noDashboard,
                portBase,
                store.rethinkDb(),
                manyDevices ? FederationOptions.MANY_DEVICES_FROM_ONE_ADDRESS : List.of())
            .nodes(nodes.servers(), nodes.gateways())
            .partitioned(partitions.asked());
    try (LocalFederation federation =
        LocalFederation.start(
            new FederationDirectory(data),
            names(banks),
            options,
            InstantSource.system(),
            line -> say(out, line))) {
      describe(federation, out, (System.nanoTime() - startNanos) / 1_000_000);
      String ended = federation.awaitEnd();
      if (!stopping.compareAndSet(false, true)) {
        // A signal for all processes alike: the interrupt is on its way.
        new CountDownLatch(1).await();
      }
      say(out, ended + ". Stopping the others.");
      return SERVICE_ENDED;
    } catch (InterruptedException e) {
      say(out, "stopping");
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  /** What so many banks are called. */
  public static List<BankId> names(int count) {
    List<BankId> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(new BankId("BK" + (char) ('A' + i / 26) + (char) ('A' + i % 26) + "XX00"));
    }
    return names;
  }

  private void describe(LocalFederation federation, PrintWriter out, long millis) throws Exception {
    say(out, "");
    say(
        out,
        "Ready after "
            + millis / 1000
            + "."
            + millis % 1000 / 100
            + " s. Data: "
            + federation.directory().root());
    say(
        out,
        "  authority  "
            + federation.registry()
            + "  officer's password: "
            + federation.directory().officerPassword());
    if (!noDashboard) {
      say(
          out,
          "  dashboard  "
              + federation.dashboard()
              + "  name operator, password: "
              + federation.directory().operatorPassword());
    }
    for (BankPorts bank : federation.banks()) {
      say(
          out,
          "  "
              + bank.bank()
              + each("   gateway ", bank.gateways(), "")
              + "   branch "
              + bank.branch()
              + each("   operations ", bank.servers(), "/actuator"));
    }
    SuiteInUse suite = SuiteInUse.current();
    if (suite.fallback()) {
      say(
          out,
          "  cryptography in pure Java (signatures "
              + suite.signatures()
              + ", HPKE "
              + suite.hpke()
              + "): slower, the same otherwise");
    }
    if (federation.banks().size() >= 2 && !manyDevices) {
      BankPorts first = federation.banks().get(0);
      BankPorts second = federation.banks().get(1);
      new Welcome(
              new Welcome.Counter(
                  first.bank(),
                  first.partitions(),
                  federation.teller(first, ForkJoinPool.commonPool()),
                  first.gateways()),
              new Welcome.Counter(
                  second.bank(),
                  second.partitions(),
                  federation.teller(second, ForkJoinPool.commonPool()),
                  second.gateways()))
          .prepare(line -> say(out, line));
    }
    say(out, "Ctrl-C stops it; the data stay.");
  }

  private static String each(String before, List<URI> all, String after) {
    return all.stream().map(uri -> before + uri + after).collect(Collectors.joining());
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
