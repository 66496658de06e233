package org.interseal.federation;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  private ChildFederation(Process process, FederationDirectory directory) {
    this.process = process;
    this.directory = directory;
  }

  /** Starts it on these data; returns once it is ready. */
  static ChildFederation start(Path data, int portBase) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Interseal.class.getName(),
                "up",
                "--banks",
                "2",
                "--no-dashboard",
                "--many-devices",
                "--port-base",
                Integer.toString(portBase),
                "--data",
                data.toString())
            .redirectErrorStream(true)
            .start();
    ChildFederation child = new ChildFederation(process, new FederationDirectory(data));
    CompletableFuture<Void> ready = new CompletableFuture<>();
    var _ = Thread.ofVirtual().start(() -> read(process, ready));
    try {
      var _ = Waiting.get(ready, START_LIMIT);
    } catch (Exception | AssertionError e) {
      child.kill();
      throw e;
    }
    return child;
  }

  private static void read(Process process, CompletableFuture<Void> ready) {
    List<String> last = Collections.synchronizedList(new ArrayList<>());
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("Ready after ")) {
          ready.complete(null);
        }
        last.add(line);
        if (last.size() > LINES_KEPT) {
          last.removeFirst();
        }
      }
    } catch (IOException e) {
      // It was killed.
    }
    ready.completeExceptionally(new IllegalStateException("it ended: " + String.join("\n", last)));
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
              local(ports.path(bank + " gateway-1").asInt()),
              local(ports.path(bank + " branch-1").asInt()),
              local(ports.path(bank + " server-1 management").asInt())));
    }
    return new Federation(directory, banks, local(ports.path("key-registry").asInt()), () -> {});
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
