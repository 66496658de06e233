package org.interseal.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The JDK refuses old versions of TLS by itself, unless its configuration was loosened, as it is
 * for the JVM that this starts.
 */
@Timeout(60)
class TlsVersionIT {
  private static final String ALL_VERSIONS = "TLSv1,TLSv1.1,TLSv1.2,TLSv1.3";

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource({"TLSv1, refused", "TLSv1.1, refused", "TLSv1.2, spoken", "TLSv1.3, spoken"})
  void speaksNoVersionBefore12WhateverTheJdkAllows(String version, String outcome)
      throws Exception {
    Path security = directory.resolve("loose.security");
    Files.writeString(security, "jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\n");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.security.properties=" + security,
                "-Djdk.tls.client.protocols=" + ALL_VERSIONS,
                "-cp",
                System.getProperty("java.class.path"),
                TlsVersionIT.class.getName(),
                directory.toString(),
                version));
    Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(said).isZero();
    assertThat(said).contains(version + " among clients' versions: true").contains(outcome);
  }

  /** Arguments: a directory, the only version that the server speaks. */
  public static void main(String[] arguments) throws Exception {
    var authority = new TestCertificates();
    TlsContext client =
        TlsContext.load(Optional.of(authority.trustFile(Path.of(arguments[0]))), Optional.empty());
    SSLServerSocket listening =
        (SSLServerSocket)
            authority
                .server(TestCertificates.address("127.0.0.1"))
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 0, InetAddress.getLoopbackAddress());
    listening.setEnabledProtocols(new String[] {arguments[1]});
    Thread.ofPlatform().daemon().start(() -> answer(listening));
    System.out.println(
        arguments[1]
            + " among clients' versions: "
            + List.of(
                    javax.net.ssl.SSLContext.getDefault().getDefaultSSLParameters().getProtocols())
                .contains(arguments[1]));
    ServerAddress address = new ServerAddress("127.0.0.1", listening.getLocalPort());
    try (Socket socket = new Socket(address.host(), address.port());
        SSLSocket _ = client.handshake(socket, address)) {
      System.out.println("spoken");
    } catch (IOException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }

  private static void answer(SSLServerSocket listening) {
    try (SSLSocket socket = (SSLSocket) listening.accept()) {
      socket.startHandshake();
      var _ = socket.getInputStream().read();
    } catch (IOException e) {
      // The client's side says what came of it.
    }
  }
}
