package org.interseal.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.interseal.rethinkdb.TlsContext.ClientKeys;
import org.interseal.rethinkdb.testing.RethinkDbProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server whose ports for clients and for nodes have an authority each. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerTlsIT {
  private static final int MAX_ANSWER_MILLIS = 20_000;

  private final TestCertificates forClients = new TestCertificates();
  private final TestCertificates forNodes = new TestCertificates();

  private Path directory;
  private RethinkDbProcess server;

  @SuppressWarnings("NullAway.Init")
  ServerTlsIT() {}

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    directory = temporary;
    Optional<RethinkDbProcess> started =
        RethinkDbProcess.startIfInstalled(
            directory,
            "--driver-tls-key",
            key("driver", forClients),
            "--driver-tls-cert",
            file("driver", "certificate.pem"),
            "--driver-tls-ca",
            forClients.trustFile(directory.resolve("driver")).toString(),
            "--cluster-tls-key",
            key("cluster", forNodes),
            "--cluster-tls-cert",
            file("cluster", "certificate.pem"),
            "--cluster-tls-ca",
            forNodes.trustFile(directory.resolve("cluster")).toString());
    Assumptions.assumeTrue(started.isPresent(), "skipped: no rethinkdb on the PATH");
    server = started.orElseThrow();
  }

  @AfterAll
  @SuppressWarnings("ConstantValue")
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private String file(String port, String name) {
    return directory.resolve(port).resolve(name).toString();
  }

  /** Writes the server's key and certificate for a port. */
  private String key(String port, TestCertificates authority) throws IOException {
    Path folder = Files.createDirectory(directory.resolve(port));
    authority.writeServer(
        folder.resolve("certificate.pem"),
        folder.resolve("key.pem"),
        TestCertificates.address("127.0.0.1"));
    return file(port, "key.pem");
  }

  /** Trusts the server, and shows what an authority certified. */
  private TlsContext client(String port, TestCertificates certifiedBy) throws IOException {
    Path folder = Files.createTempDirectory(directory, "client");
    var keys =
        new ClientKeys(
            certifiedBy.clientKeyStore(folder), Password.of(TestCertificates.PASSPHRASE));
    return TlsContext.load(
        Optional.of(directory.resolve(port).resolve("ca.pem")), Optional.of(keys));
  }

  private Optional<Object> askAs(TestCertificates certifiedBy) throws IOException {
    var settings =
        ConnectionSettings.of(List.of(server.address()), "admin", Password.empty())
            .withTls(client("driver", certifiedBy))
            .withTimeouts(Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofNanos(1_000));
    try (ConnectionPool pool =
        ConnectionPool.of(settings, new SecureRandom(), RethinkDbObserver.NONE)) {
      return new RethinkDbTemplate(pool).value(r.expr(1));
    }
  }

  @Test
  void letsClientsInThatItsAuthorityForClientsCertified() throws Exception {
    assertThat(askAs(forClients)).contains(1L);
  }

  @Test
  void refusesClientsThatAnotherAuthorityCertified() {
    assertThatThrownBy(() -> askAs(new TestCertificates()))
        .isInstanceOf(RethinkDbUnavailable.class);
    assertThatThrownBy(() -> askAs(forNodes)).isInstanceOf(RethinkDbUnavailable.class);
  }

  /** What a node says first. With TLS 1.3 a refusal comes after the client's handshake. */
  private int greetingOfClusterPort(TestCertificates certifiedBy) throws IOException {
    try (Socket socket =
            new Socket(server.clusterAddress().host(), server.clusterAddress().port());
        SSLSocket tls = client("cluster", certifiedBy).handshake(socket, server.clusterAddress())) {
      tls.setSoTimeout(MAX_ANSWER_MILLIS);
      int first = tls.getInputStream().read();
      if (first < 0) {
        throw new EOFException("refused");
      }
      return first;
    }
  }

  /** Whoever gets in there is a node, which has the power of admin. */
  @Test
  void letsNobodyJoinTheClusterWithAClientsCertificate() {
    assertThatCode(() -> greetingOfClusterPort(forNodes)).doesNotThrowAnyException();
    assertThatThrownBy(() -> greetingOfClusterPort(forClients))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(java.net.SocketTimeoutException.class);
    assertThatThrownBy(() -> greetingOfClusterPort(new TestCertificates()))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(java.net.SocketTimeoutException.class);
  }
}
