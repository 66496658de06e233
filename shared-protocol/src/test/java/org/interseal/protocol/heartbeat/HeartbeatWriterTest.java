package org.interseal.protocol.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.MutableTable;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.SqliteStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartbeatWriterTest {
  private static final BankId BANK = new BankId("BKABXX00");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final SigningKey key =
      SigningKey.generate(SignatureAlgorithm.ED25519, new SecureRandom());
  private final AtomicInteger signatures = new AtomicInteger();
  @TempDir Path directory;
  private Store shared;

  @BeforeEach
  void open() {
    shared = SqliteStore.openShared(directory.resolve("shared.db"), InstantSource.fixed(NOW));
  }

  @AfterEach
  void close() {
    shared.close();
  }

  private HeartbeatWriter writer(Party node) {
    return new HeartbeatWriter(
        shared, node, key, InstantSource.fixed(NOW), signatures::incrementAndGet);
  }

  private MutableTable heartbeats() {
    return shared.mutable(TableName.HEARTBEATS);
  }

  @Test
  void aNodeSaysUnderItsOwnSignatureWhoItIs() throws Exception {
    writer(Party.gateway(BANK, "edge")).beat();

    String body = heartbeats().find("BKABXX00.gateway.edge").orElseThrow().body();
    assertThat(
            ProtocolJson.decode(
                SignedStatement.verify(body, Heartbeat.STATEMENT_TYPE, key.verificationKey()),
                Heartbeat.class))
        .isEqualTo(
            new Heartbeat(1, BANK, "gateway", "edge", "development", NOW.toEpochMilli(), null));
    SigningKey other = SigningKey.generate(SignatureAlgorithm.ED25519, new SecureRandom());
    assertThatExceptionOfType(CryptoFailure.class)
        .isThrownBy(
            () -> SignedStatement.verify(body, Heartbeat.STATEMENT_TYPE, other.verificationKey()));
  }

  @Test
  void aBeatOverwritesTheLastAndLeavesNodesOfTheSameNameAlone() throws Exception {
    HeartbeatWriter server = writer(Party.server(BANK, "one"));
    server.beat();
    server.beat();
    writer(Party.branch(BANK, "one")).beat();

    assertThat(heartbeats().all("BKABXX00."))
        .extracting(MutableTable.Versioned::id, MutableTable.Versioned::version)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("BKABXX00.server.one", 2L),
            org.assertj.core.groups.Tuple.tuple("BKABXX00.branch.one", 1L));
    assertThat(signatures).hasValue(3);
  }

  @Test
  void aStoreThatFailsEndsNoTimer() {
    HeartbeatWriter writer = writer(Party.server(BANK, "one"));
    shared.close();

    writer.beat();

    assertThat(signatures).hasValue(1);
  }

  @Test
  void onlyNodesOfABankHaveOne() {
    assertThatThrownBy(() -> Heartbeat.rowId(Party.authority()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
