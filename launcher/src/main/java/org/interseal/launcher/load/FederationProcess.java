package org.interseal.launcher.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.NodeCounts;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;

/** The process, or processes, in which the banks run. */
final class FederationProcess implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final String NODE = "--interseal.node=";
  private static final String BANK = "--interseal.bank=";

  private final Process process;
  private final List<BankPorts> banks;

  private FederationProcess(Process process, List<BankPorts> banks) {
    this.process = process;
    this.banks = banks;
  }

  /**
   * Starts it and waits until the banks are ready.
   *
   * @param log where it writes what it has to say
   * @param nodes of each bank
   * @param partitions of each bank's ledger
   * @param rethinkDb address of the server that the banks keep their rows on, if it is not the
   *     embedded store
   * @param javaOptions further options of its JVM
   */
  static FederationProcess start(
      Path data,
      Path log,
      boolean separate,
      NodeCounts nodes,
      int partitions,
      Optional<String> rethinkDb,
      List<String> javaOptions)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx1g", "-Xmn400m"));
    command.addAll(javaOptions);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), LoadFederation.class.getName()));
    command.add(data.toString());
    command.add(separate ? LoadFederation.SEPARATE : LoadFederation.TOGETHER);
    command.add(Integer.toString(nodes.servers()));
    command.add(Integer.toString(nodes.gateways()));
    command.add(Integer.toString(partitions));
    rethinkDb.ifPresent(command::add);
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      return new FederationProcess(process, awaitReady(process, log));
    } catch (IOException | RuntimeException e) {
      process.destroy();
      throw e;
    }
  }

  private static List<BankPorts> awaitReady(Process process, Path log) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(LoadFederation.READY)) {
        drain(out);
        try {
          return ProtocolJson.decode(
                  line.substring(LoadFederation.READY.length()), LoadFederation.Endpoints.class)
              .banks();
        } catch (MalformedMessage e) {
          throw new IOException("not the endpoints of a federation: " + line, e);
        }
      }
    }
    throw new IOException("the banks did not start; see " + log);
  }

  /** So that it never waits for somebody to read what it prints. */
  private static void drain(BufferedReader out) {
    Thread.ofVirtual()
        .name("federation-output")
        .start(() -> {
          try {
            out.transferTo(java.io.Writer.nullWriter());
          } catch (IOException e) {
            // Its output ends with it.
          }
        });
  }

  List<BankPorts> banks() {
    return banks;
  }

  /** CPU time that all its processes took so far. */
  Duration cpu() {
    return all().map(FederationProcess::cpu).reduce(Duration.ZERO, Duration::plus);
  }

  /** The same by service; one line when all run together. */
  Map<String, Duration> cpuByService() {
    Map<String, Duration> byService = new TreeMap<>();
    all().forEach(each -> byService.merge(service(each), cpu(each), Duration::plus));
    return byService;
  }

  private Stream<ProcessHandle> all() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  static Duration cpu(ProcessHandle handle) {
    return handle.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static String service(ProcessHandle handle) {
    String[] arguments = arguments(handle);
    String bank = argument(arguments, BANK);
    String node = argument(arguments, NODE);
    return node.isEmpty() ? "authority and launcher" : bank + " " + node;
  }

  /** Of a long command line {@link ProcessHandle.Info} knows nothing on Linux; its kernel does. */
  private static String[] arguments(ProcessHandle handle) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(handle.pid()), "cmdline"))
          .split("\0", -1);
    } catch (IOException e) {
      return handle.info().arguments().orElse(new String[0]);
    }
  }

  private static String argument(String[] arguments, String prefix) {
    return Arrays.stream(arguments)
        .filter(argument -> argument.startsWith(prefix))
        .map(argument -> argument.substring(prefix.length()))
        .findFirst()
        .orElse("");
  }

  /** Stops it cleanly; harder after half a minute. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It is gone already.
    }
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
