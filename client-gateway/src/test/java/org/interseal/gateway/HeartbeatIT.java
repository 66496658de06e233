package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SignedStatement;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.heartbeat.Heartbeat;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.store.MutableTable;
import org.interseal.store.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HeartbeatIT {
  private static final String PASSPHRASE = "a vault passphrase";

  @TempDir Path directory;
  private Federation federation;
  private MutableTable heartbeats;

  @BeforeEach
  void start() throws Exception {
    federation = new Federation(directory);
    heartbeats = federation.shared.mutable(TableName.HEARTBEATS);
  }

  @AfterEach
  void stop() throws Exception {
    federation.close();
  }

  @Test
  void aGatewayWithACertifiedKeyLeavesASignedHeartbeat() throws Exception {
    TestAuthority.TestNode node = federation.bank.gateway("gateway-1");
    federation.publish(node.row());
    try (Gateway gateway =
        federation.gateway(
            "interseal.vault.file=" + vaultOf(node),
            "interseal.vault.passphrase-file=" + passphrase())) {
      String body = awaitHeartbeat(Heartbeat.rowId(node.party()));

      var certified =
          gateway
              .context()
              .getBean(BankDirectory.class)
              .node(
                  federation.bank.id(),
                  PartyRole.GATEWAY,
                  SignedStatement.claimedKey(body),
                  federation.clock.instant())
              .orElseThrow();
      assertThat(certified.party()).isEqualTo(node.party());
      Heartbeat beat =
          ProtocolJson.decode(
              SignedStatement.verify(body, Heartbeat.STATEMENT_TYPE, node.key().verificationKey()),
              Heartbeat.class);
      assertThat(beat.bank()).isEqualTo(federation.bank.id());
      assertThat(beat.role()).isEqualTo("gateway");
      assertThat(beat.node()).isEqualTo("gateway-1");
      assertThat(beat.atMillis()).isEqualTo(federation.clock.millis());
    }
    assertThat(federation.transactions(federation.bank)).isEmpty();
  }

  @Test
  void aGatewayWithoutAVaultServesAllTheSame() throws Exception {
    TestDevice device = federation.linkedDevice();
    try (Gateway gateway = federation.gateway()) {
      assertThat(gateway.submit(device, federation.seal(federation.bank)).status()).isEqualTo(202);
    }
    assertThat(heartbeats.all("")).isEmpty();
  }

  private Path vaultOf(TestAuthority.TestNode node) throws IOException {
    Path file = directory.resolve("gateway.p12");
    Pkcs12KeyVault.open(file, PASSPHRASE.toCharArray()).store("node-signing", node.key());
    return file;
  }

  private Path passphrase() throws IOException {
    Path file = directory.resolve("passphrase");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, PASSPHRASE + "\n");
  }

  private String awaitHeartbeat(String row) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    Optional<MutableTable.Versioned> found = heartbeats.find(row);
    while (found.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      found = heartbeats.find(row);
    }
    return found.orElseThrow().body();
  }
}
