package org.interseal.federation;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.interseal.launcher.Interseal;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.protocol.json.ProtocolJson;
import tools.jackson.databind.JsonNode;

/**
 * A whole federation in a JVM of its own, as {@code interseal up} starts it, that can be killed.
 */
final class ChildFederation {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int LINES_KEPT = 200;

  private final Process process;
  private final FederationDirectory directory;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> allSaid = new CompletableFuture<>();

  private ChildFederation(Process process, FederationDirectory directory) {
    this.process = process;
    this.directory = directory;
  }

  /** Starts it on these data; returns once it is ready. */
  static ChildFederation start(Path data, int portBase) throws Exception {
    return start(data, portBase, 2, "--no-dashboard");
  }

  /** With so many banks, and these options of {@code up}. */
  static ChildFederation start(Path data, int portBase, int banks, String... options)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Interseal.class.getName(),
                "up",
                "--banks",
                Integer.toString(banks),
                "--many-devices",
                "--port-base",
                Integer.toString(portBase),
                "--data",
                data.toString()));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    ChildFederation child = new ChildFederation(process, new FederationDirectory(data));
    CompletableFuture<Void> ready = new CompletableFuture<>();
    var _ = Thread.ofVirtual().start(() -> child.read(ready));
    try {
      var _ = Waiting.get(ready, START_LIMIT);
    } catch (Exception | AssertionError e) {
      child.kill();
      e.addSuppressed(new AssertionError(child.errors()));
      throw e;
    }
    return child;
  }

  private void read(CompletableFuture<Void> ready) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("Ready after ")) {
          ready.complete(null);
        }
        said.add(line);
        if (said.size() > LINES_KEPT) {
          said.removeFirst();
        }
      }
    } catch (IOException e) {
      // It was killed.
    }
    ready.completeExceptionally(new IllegalStateException("it ended: " + String.join("\n", said)));
    allSaid.complete(null);
  }

  /** Waits for its end. */
  Ended awaitEnd() throws Exception {
    var _ = Waiting.get(allSaid);
    return new Ended(
        Waiting.get(process.onExit()).exitValue(), String.join("\n", List.copyOf(said)));
  }

  /** How it ended, and its last words. */
  record Ended(int code, String said) {}

  /** The services of {@code --separate} whose command line says this. */
  List<ProcessHandle> services(String containing) throws IOException {
    List<ProcessHandle> found = new ArrayList<>();
    for (ProcessHandle service : process.descendants().toList()) {
      Path line = Path.of("/proc", Long.toString(service.pid()), "cmdline");
      if (Files.readString(line, StandardCharsets.UTF_8).contains(containing)) {
        found.add(service);
      }
    }
    return found;
  }

  /** What its logs, soon deleted, say of failures. */
  private String errors() throws IOException {
    try (Stream<Path> logs = Files.walk(directory.root().resolve("logs"))) {
      StringBuilder found = new StringBuilder();
      for (Path log : logs.filter(Files::isRegularFile).toList()) {
        Files.readString(log)
            .lines()
            .filter(line -> line.contains("\"ERROR\"") || !line.startsWith("{"))
            .forEach(
                line -> found.append(log.getFileName()).append(": ").append(line).append('\n'));
      }
      return found.toString();
    }
  }

  /** SIGKILL; returns once it is dead. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("a killed process goes on");
    }
  }

  /** Its banks and registry, to play with from here. */
  Federation federation() throws Exception {
    JsonNode description =
        ProtocolJson.decode(
            Files.readString(directory.root().resolve("federation.json")), JsonNode.class);
    JsonNode ports = description.path("ports");
    List<BankPorts> banks = new ArrayList<>();
    for (JsonNode each : description.path("banks")) {
      BankId bank = new BankId(each.isString() ? each.asString() : each.path("value").asString());
      banks.add(
          new BankPorts(
              bank,
              nodes(ports, bank + " gateway-", ""),
              local(ports.path(bank + " branch-1").asInt()),
              nodes(ports, bank + " server-", " management"),
              description.path("partitions").asInt(1)));
    }
    return new Federation(directory, banks, local(ports.path("key-registry").asInt()), () -> {});
  }

  private static List<URI> nodes(JsonNode ports, String before, String after) {
    List<URI> found = new ArrayList<>();
    for (int i = 1; ports.has(before + i + after); i++) {
      found.add(local(ports.path(before + i + after).asInt()));
    }
    return found;
  }

  /** Where a service that is no bank's is reached. */
  URI service(String name) throws Exception {
    return local(
        ProtocolJson.decode(
                Files.readString(directory.root().resolve("federation.json")), JsonNode.class)
            .path("ports")
            .path(name)
            .asInt());
  }

  private static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Stops it cleanly. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      kill();
    }
  }
}
