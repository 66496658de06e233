package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BankNodeSqliteIT extends BankNodeContract {
  @TempDir Path directory;

  @Override
  Stores stores() {
    return Stores.sqlite(directory);
  }

  @Test
  void a_server_that_stops_hands_over_though_the_store_is_out_of_reach_for_a_moment()
      throws Exception {
    bankA.limits =
        new ProcessingLimits(5, 60_000, Duration.ofHours(1).toMillis(), 50, 5_000, 5_000);
    SigningKey second = TestClient.newSigningKey();
    bankA.certify(Party.server(bankA.id, "s2"), second, Optional.empty());
    bankA.start();
    try (BankNode standby = bankA.newNode("s2", second, new TestNode.RememberedInMemory())) {
      standby.start();
      TestClient.until("following", () -> standby.phase() instanceof NodePhase.Following);

      Objects.requireNonNull(bankA.freezers.get("s1")).refuseLeases(3);
      bankA.node().close();

      assertThat(standby.awaitWriting(10_000)).isTrue();
    }
  }
}
