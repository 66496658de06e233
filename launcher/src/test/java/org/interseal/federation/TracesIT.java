package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Payments.pay;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SignedStatement;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.heartbeat.Heartbeat;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.MutableTable;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a running federation lets its operators see: where a payment went, and who is there. */
class TracesIT {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path data;

  @Test
  void aPaymentIsFollowedFromTheGatewayThroughBothBanksAndEveryNodeIsSeen() throws Exception {
    try (Federation federation = Federation.in(data).portBase(32_400).start()) {
      Customer alice = federation.customer(A, "Alice", 100_000);
      Customer bob = federation.customer(B, "Bob", 0);
      assertThat(pay(alice, bob, 1_000)).isEqualTo("ACCC");
      assertThat(pay(alice, bob, 2_000)).isEqualTo("ACCC");

      Waiting.until(
          "both payments are in the log", () -> lines("message", "payment completed").size() == 2);
      for (JsonNode instructed : lines("message", "payment instructed")) {
        assertThat(lines("correlation", text(instructed, "correlation")))
            .extracting(line -> text(line, "message"))
            // A transfer that is answered late is sent, and received, again.
            .startsWith("payment instructed")
            .endsWith("payment completed")
            .containsOnly("payment instructed", "payment received", "payment completed");
        String reference = text(instructed, "reference");
        Waiting.until(
            "the gateway's line is there", () -> lines("reference", reference).size() == 2);
        assertThat(lines("reference", reference))
            .extracting(line -> text(line, "message"))
            .containsExactlyInAnyOrder("submission stored", "payment instructed");
      }
      assertThat(lines("message", "letter stored")).isNotEmpty();
      Waiting.until("every node was seen", this::everyNodeWasSeen);
    }
    assertEveryHeartbeatIsSignedByTheNodeThatItNames();
  }

  private List<JsonNode> lines(String member, String value) throws Exception {
    List<JsonNode> found = new ArrayList<>();
    for (String line : Files.readAllLines(data.resolve("logs").resolve("federation.log"))) {
      // The last line may be half written.
      if (line.contains(value) && line.endsWith("}")) {
        JsonNode json = ProtocolJson.mapper().readTree(line);
        if (text(json, member).equals(value)) {
          found.add(json);
        }
      }
    }
    return found;
  }

  private static String text(JsonNode line, String member) {
    return line.path(member).asString("");
  }

  private static List<Party> nodes(BankId bank) {
    return List.of(
        Party.server(bank, "server-1"),
        Party.gateway(bank, "gateway-1"),
        Party.branch(bank, "branch-1"));
  }

  private boolean everyNodeWasSeen() throws Exception {
    try (Store shared = SqliteStore.openShared(data.resolve("store").resolve("shared.db"), CLOCK)) {
      MutableTable heartbeats = shared.mutable(TableName.HEARTBEATS);
      for (BankId bank : List.of(A, B)) {
        for (Party node : nodes(bank)) {
          if (heartbeats.find(Heartbeat.rowId(node)).isEmpty()) {
            return false;
          }
        }
      }
      return true;
    }
  }

  private void assertEveryHeartbeatIsSignedByTheNodeThatItNames() throws Exception {
    try (Store shared = SqliteStore.openShared(data.resolve("store").resolve("shared.db"), CLOCK)) {
      BankDirectory directory =
          BankDirectory.of(
              new RootCertificate(
                  Bytes.of(Files.readAllBytes(data.resolve("authority").resolve("root.der")))),
              shared);
      var _ = directory.refresh();
      for (BankId bank : List.of(A, B)) {
        for (Party node : nodes(bank)) {
          String body =
              shared.mutable(TableName.HEARTBEATS).find(Heartbeat.rowId(node)).orElseThrow().body();
          var certified =
              directory
                  .node(bank, node.role(), SignedStatement.claimedKey(body), CLOCK.instant())
                  .orElseThrow();
          assertThat(certified.party()).isEqualTo(node);
          Heartbeat beat =
              ProtocolJson.decode(
                  SignedStatement.verify(body, Heartbeat.STATEMENT_TYPE, certified.key()),
                  Heartbeat.class);
          assertThat(beat.role() + beat.bank() + beat.node())
              .isEqualTo(node.role().code() + bank + node.name());
        }
      }
    }
  }
}
