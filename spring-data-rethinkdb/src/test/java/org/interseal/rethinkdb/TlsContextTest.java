package org.interseal.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.interseal.rethinkdb.TlsContext.ClientKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TlsContextTest {
  private final TestCertificates authority = new TestCertificates();

  @TempDir private Path directory = Path.of("");

  @Test
  void talksToAServerThatIsWhoItShouldBe() throws Exception {
    try (FakeServer server = server(false, TestCertificates.address("127.0.0.1"));
        ConnectionPool pool = pool(server, TlsContext.load(trust(), Optional.empty()))) {
      assertThat(new RethinkDbTemplate(pool).value(r.expr(1))).contains(1L);
    }
  }

  @Test
  void refusesACertificateOfAnotherHost() throws Exception {
    try (FakeServer server =
            server(false, TestCertificates.address("127.0.0.2"), TestCertificates.host("db"));
        ConnectionPool pool = pool(server, TlsContext.load(trust(), Optional.empty()))) {
      assertThatThrownBy(() -> new RethinkDbTemplate(pool).value(r.expr(1)))
          .isInstanceOf(RethinkDbUnavailable.class)
          .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("127.0.0.1"));
    }
  }

  @Test
  void refusesACertificateOfAnotherAuthority() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    try (FakeServer server = server(false, TestCertificates.address("127.0.0.1"));
        ConnectionPool pool =
            pool(
                server,
                TlsContext.load(
                    Optional.of(new TestCertificates().trustFile(other)), Optional.empty()))) {
      assertThatThrownBy(() -> new RethinkDbTemplate(pool).value(r.expr(1)))
          .isInstanceOf(RethinkDbUnavailable.class);
    }
  }

  @Test
  void showsItsOwnCertificateToAServerThatAsks() throws Exception {
    var keys =
        new ClientKeys(
            authority.clientKeyStore(directory), Password.of(TestCertificates.PASSPHRASE));
    try (FakeServer server = server(true, TestCertificates.address("127.0.0.1"));
        ConnectionPool known = pool(server, TlsContext.load(trust(), Optional.of(keys)));
        ConnectionPool unknown = pool(server, TlsContext.load(trust(), Optional.empty()))) {
      assertThat(new RethinkDbTemplate(known).value(r.expr(1))).contains(1L);
      assertThatThrownBy(() -> new RethinkDbTemplate(unknown).value(r.expr(1)))
          .isInstanceOf(RethinkDbUnavailable.class);
    }
  }

  @Test
  void refusesFilesThatAreNone() throws Exception {
    Path empty = Files.createFile(directory.resolve("empty"));
    assertThatThrownBy(() -> TlsContext.load(Optional.of(empty), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    var wrong = new ClientKeys(authority.clientKeyStore(directory), Password.of("wrong"));
    assertThatThrownBy(() -> TlsContext.load(trust(), Optional.of(wrong)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Optional<Path> trust() throws java.io.IOException {
    return Optional.of(authority.trustFile(directory));
  }

  private FakeServer server(boolean needClient, GeneralName... names) throws java.io.IOException {
    return FakeServer.start(
        authority.server(names),
        needClient,
        s -> {
          s.logIn();
          s.answerOnes();
        });
  }

  /** Gives up after the first round of attempts. */
  private static ConnectionPool pool(FakeServer server, TlsContext tls) {
    return Fixtures.pool(
        Fixtures.settings(server.address())
            .withTls(tls)
            .withTimeouts(Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofNanos(1_000)),
        new ManualDeadlines());
  }
}
