package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.SignedStatement;
import org.interseal.protocol.heartbeat.Heartbeat;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.protocol.registry.TestAuthority.TestNode;
import org.interseal.store.MutableTable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BankBacklogTest {
  private final VirtualTime time = new VirtualTime(TestAuthority.NOW);
  private final TestAuthority authority = new TestAuthority();
  private final TestAuthority.TestBank bank = authority.bank("BKABXX00");
  private final TestNode server = bank.server("server-1");
  private final TestNode second = bank.server("server-2");
  private final UnkindStore shared = UnkindStore.shared(1, time, time, Unkindness.none());
  private final MutableTable heartbeats = shared.mutable(TableName.HEARTBEATS);
  private final BankDirectory banks;
  private final BankBacklog backlog;

  BankBacklogTest() throws InvalidKeyMaterial {
    banks = BankDirectory.of(authority.root(), shared);
    backlog = newBacklog();
  }

  private BankBacklog newBacklog() {
    return new BankBacklog(bank.id(), banks, shared, time, time::nanoTime);
  }

  @BeforeEach
  void certify() throws Exception {
    for (RegistryRow row :
        List.of(bank.licence(1, LicenceStatus.ACTIVE), server.row(), second.row())) {
      var _ = shared.append(TableName.BANK_KEYS).insert(List.of(row.toInsert(0))).join();
    }
    time.advance(1);
    boolean _ = banks.refresh();
  }

  private String beat(TestNode node, long atMillis, long behindMillis) {
    Heartbeat beat =
        new Heartbeat(
            Heartbeat.VERSION,
            bank.id(),
            "server",
            node.party().name(),
            "test",
            atMillis,
            behindMillis);
    return SignedStatement.sign(Heartbeat.STATEMENT_TYPE, ProtocolJson.encode(beat), node.key());
  }

  private long afterShowing(TestNode node, String body) throws Exception {
    heartbeats.put(Heartbeat.rowId(node.party()), body);
    backlog.refresh();
    return backlog.behindMillis();
  }

  @Test
  void whoShowsOldHeartbeatsAgainThrottlesNobody() throws Exception {
    String late = beat(server, time.millis(), 12_000);
    String later = beat(server, time.millis() + 1, 11_000);
    assertThat(afterShowing(server, late)).isEqualTo(12_000);
    assertThat(afterShowing(server, later)).isEqualTo(11_000);
    time.advance(1_000);
    assertThat(afterShowing(server, beat(server, time.millis(), 0))).isZero();

    for (int i = 0; i < 30; i++) {
      time.advance(1_000);
      assertThat(afterShowing(server, i % 2 == 0 ? late : later)).isZero();
    }
  }

  @Test
  void anOldHeartbeatSaysNothingToAGatewayThatStarts() throws Exception {
    String old = beat(server, time.millis(), 12_000);
    time.advance(BankBacklog.MAX_OFF.toMillis() + 1);
    assertThat(afterShowing(server, old)).isZero();
  }

  @Test
  void aHeartbeatFromTheFutureDoesNotSilenceTheServer() throws Exception {
    long future = time.millis() + BankBacklog.MAX_OFF.toMillis() + 1;
    assertThat(afterShowing(server, beat(server, future, 12_000))).isZero();
    assertThat(afterShowing(server, beat(server, time.millis(), 7_000))).isEqualTo(7_000);
  }

  @Test
  void aServerThatFallsSilentThrottlesForAShortTime() throws Exception {
    assertThat(afterShowing(server, beat(server, time.millis(), 12_000))).isEqualTo(12_000);
    time.advance(BankBacklog.FRESH.toMillis());
    backlog.refresh();
    assertThat(backlog.behindMillis()).isZero();
  }

  @Test
  void rowsOfOtherNamesDoNotHideAServer() throws Exception {
    for (int i = 0; i < 100; i++) {
      heartbeats.put(bank.id() + ".server.a" + i, "junk");
    }
    assertThat(afterShowing(server, beat(server, time.millis(), 12_000))).isEqualTo(12_000);
  }

  @Test
  void aServerSpeaksForItselfAlone() throws Exception {
    assertThat(afterShowing(server, beat(second, time.millis(), 12_000))).isZero();
  }

  @Test
  void whatWasSeenIsRememberedWhileTheStoreDoesNotAnswer() throws Exception {
    String late = beat(server, time.millis(), 12_000);
    assertThat(afterShowing(server, late)).isEqualTo(12_000);
    time.advance(1_000);
    assertThat(afterShowing(server, beat(server, time.millis(), 0))).isZero();
    shared.become(Unkindness.outage());
    backlog.refresh();
    shared.become(Unkindness.none());
    assertThat(afterShowing(server, late)).isZero();
  }
}
