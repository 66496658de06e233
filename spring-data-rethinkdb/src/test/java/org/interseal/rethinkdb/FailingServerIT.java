package org.interseal.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.rethinkdb.TlsContext.ClientKeys;
import org.interseal.rethinkdb.testing.RethinkDbProcess;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real server that is killed, frozen, or asks for certificates; needs its process, not a
 * container.
 */
@Timeout(180)
class FailingServerIT {
  @TempDir private Path directory = Path.of("");

  @Test
  void resumesFeedsAndQueriesAfterTheServerWasKilled() throws Exception {
    try (RethinkDbProcess server = start();
        ConnectionPool pool = pool(settings(server))) {
      var template = new RethinkDbTemplate(pool);
      var heard = new FeedEvents();
      var table = r.db("test").table("t");
      var _ = template.value(r.db("test").tableCreate("t"));
      try (Changefeed _ = template.follow("it", table.changes(), heard)) {
        assertThat(heard.next()).isEqualTo("resumed");
        var _ = template.insert(table, Map.of("id", "before"));
        assertThat(heard.next()).isEqualTo("changed before");
        server.kill();
        assertThat(heard.next()).isEqualTo("interrupted CONNECTION_LOST");
        assertThatThrownBy(() -> template.value(r.expr(1))).isInstanceOf(RethinkDbException.class);
        server.restart();
        String next = heard.nextBut("interrupted NOT_CONNECTED");
        while (next.startsWith("interrupted")) {
          next = heard.next();
        }
        assertThat(next).isEqualTo("resumed");
        assertThat(template.document(table.get("before"))).isPresent();
        var _ = template.insert(table, Map.of("id", "after"));
        assertThat(heard.next()).isEqualTo("changed after");
      }
    }
  }

  @Test
  void doesNotWaitForAFrozenServer() throws Exception {
    try (RethinkDbProcess server = start();
        ConnectionPool pool = pool(settings(server))) {
      var template = new RethinkDbTemplate(pool);
      var heard = new FeedEvents();
      var _ = template.value(r.db("test").tableCreate("t"));
      try (Changefeed _ = template.follow("it", r.db("test").table("t").changes(), heard)) {
        assertThat(heard.next()).isEqualTo("resumed");
        server.freeze();
        assertThat(template.insert(r.db("test").table("t"), Map.of("id", "a")))
            .isInstanceOfAny(InsertOutcome.Unknown.class, InsertOutcome.Refused.class);
        assertThat(heard.next()).isEqualTo("interrupted SILENT");
        server.thaw();
        assertThat(heard.nextBut("interrupted NOT_CONNECTED")).isEqualTo("resumed");
        assertThat(template.value(r.expr(1))).contains(1L);
      }
    }
  }

  @Test
  void speaksTlsWithARealServer() throws Exception {
    var authority = new TestCertificates();
    Path trust = authority.trustFile(directory);
    Path certificate = directory.resolve("server.pem");
    Path key = directory.resolve("server.key");
    authority.writeServer(certificate, key, TestCertificates.address("127.0.0.1"));
    var keys =
        new ClientKeys(
            authority.clientKeyStore(directory), Password.of(TestCertificates.PASSPHRASE));
    try (RethinkDbProcess server =
            start(
                "--driver-tls-key",
                key.toString(),
                "--driver-tls-cert",
                certificate.toString(),
                "--driver-tls-ca",
                trust.toString());
        ConnectionPool known =
            pool(settings(server).withTls(TlsContext.load(Optional.of(trust), Optional.of(keys))));
        ConnectionPool unknown =
            pool(settings(server).withTls(TlsContext.load(Optional.of(trust), Optional.empty())));
        ConnectionPool plain = pool(settings(server))) {
      assertThat(new RethinkDbTemplate(known).rows(r.range(50_000), QueryOptions.SAFE))
          .hasSize(50_000);
      assertThatThrownBy(() -> new RethinkDbTemplate(unknown).value(r.expr(1)))
          .isInstanceOf(RethinkDbUnavailable.class);
      assertThatThrownBy(() -> new RethinkDbTemplate(plain).value(r.expr(1)))
          .isInstanceOf(RethinkDbUnavailable.class);
    }
  }

  private RethinkDbProcess start(String... options) {
    Optional<RethinkDbProcess> server = RethinkDbProcess.startIfInstalled(directory, options);
    Assumptions.assumeTrue(server.isPresent(), "skipped: no rethinkdb on the PATH");
    return server.orElseThrow();
  }

  private static ConnectionSettings settings(RethinkDbProcess server) {
    return ConnectionSettings.of(List.of(server.address()), "admin", Password.empty())
        .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5))
        .withBackOff(new BackOff(Duration.ofMillis(20), Duration.ofMillis(200)))
        .withLiveness(Duration.ofMillis(100), Duration.ofMillis(500));
  }

  private static ConnectionPool pool(ConnectionSettings settings) {
    return ConnectionPool.of(settings, new SecureRandom(), RethinkDbObserver.NONE);
  }
}
