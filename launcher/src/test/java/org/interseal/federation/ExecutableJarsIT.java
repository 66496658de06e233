package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.interseal.launcher.dashboard.Registrations;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The services as they are delivered: one executable jar each. */
class ExecutableJarsIT {
  private static final int PORT_BASE = 24_400;

  /** As on a platform for which the library was not built. */
  private static final String WITHOUT_CORRETTO =
      "-Dcom.amazon.corretto.crypto.provider.useExternalLib=true";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"key-registry", "bank-server", "client-gateway", "branch-agent"})
  void withoutConfigurationItEndsAndSaysWhatIsMissing(String service) throws Exception {
    Process process = run(service, List.of(), List.of());

    assertThat(Waiting.get(process.onExit()).exitValue()).isEqualTo(1);
    assertThat(output())
        .contains("interseal.root-certificate is not set")
        .contains("Set interseal.root-certificate to the file of")
        .doesNotContain("Caused by");
  }

  @Test
  void withTheConfigurationOfAFoundedBankItServesAlsoWithoutANativeLibrary() throws Exception {
    FederationDirectory founded = new FederationDirectory(directory.resolve("data"));
    Federation.in(founded.root()).banks(A).portBase(PORT_BASE).start().close();
    Path home = founded.node(A, "server-1");
    int management = freePort();

    Process server =
        run(
            "bank-server",
            List.of(WITHOUT_CORRETTO),
            List.of(
                "--interseal.store.directory=" + founded.store(),
                "--interseal.bank=" + A,
                "--interseal.node=server-1",
                "--interseal.vault.file=" + home.resolve("vault.p12"),
                "--interseal.vault.passphrase-file=" + home.resolve("passphrase"),
                "--interseal.root-certificate=" + founded.rootCertificate(),
                "--interseal.operator.password-file=" + founded.operatorPassword(),
                "--server.port=0",
                "--management.server.port=" + management));
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI actuator = URI.create("http://127.0.0.1:" + management + "/actuator/");
      String operator =
          Registrations.basic("operator", OwnerOnlySecret.read(founded.operatorPassword()));
      Waiting.until(
          "the server is ready",
          () -> {
            assertThat(server.isAlive()).as(output()).isTrue();
            return isReady(http, actuator);
          });
      assertThat(get(http, actuator.resolve("info"), operator).body())
          .contains("\"signatures\":\"BouncyCastle\"", "\"fallback\":true");
      assertThat(output()).contains("cryptography runs in pure Java");
    } finally {
      server.destroy();
      assertThat(Waiting.get(server.onExit()).exitValue()).as("after SIGTERM").isEqualTo(143);
    }
  }

  private static boolean isReady(HttpClient http, URI actuator) throws InterruptedException {
    try {
      return get(http, actuator.resolve("health/ready"), "").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static HttpResponse<String> get(HttpClient http, URI uri, String authorization)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private Process run(String service, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx256m"));
    command.addAll(options);
    command.addAll(List.of("-jar", jar(service).toString()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .directory(Files.createDirectories(directory.resolve("work")).toFile())
        .redirectErrorStream(true)
        .redirectOutput(log().toFile())
        .start();
  }

  private Path log() {
    return directory.resolve("output.log");
  }

  private String output() throws IOException {
    return Files.readString(log());
  }

  private static Path jar(String service) throws IOException {
    Path target = Path.of("..", service, "target").toAbsolutePath().normalize();
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches(service + "-.*-exec\\.jar"))
          .findFirst()
          .orElseThrow(
              () -> new AssertionError("no executable jar in " + target + ": mvn package"));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
