package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.RememberedHeads;
import org.interseal.crypto.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does after a restored store, as docs/operating/bank-server.md has it. */
@Timeout(120)
class AcceptedHeadIT {
  private static final long START_MILLIS = 20_000;

  @TempDir Path directory;

  @Test
  void aServerThatStandsStillGoesOnByItselfOnceTheStoresEndIsAccepted() throws Exception {
    try (TestFederation federation = new TestFederation(Stores.sqlite(directory))) {
      TestNode bank = federation.bank("AAAAXX00");
      try (RememberedHeads heads = RememberedHeads.open(directory, new ChainIdentity(bank.id, 0))) {
        BankNode before = bank.newNode("s1", bank.server, heads);
        before.start();
        assertThat(before.awaitWriting(START_MILLIS)).isTrue();
        before.close();
        ChainTip stored = before.tip();
        // What the server saw in the store that is lost.
        heads.accept(stored.height() + 3, Bytes.sha256(Bytes.utf8("a lost block")));

        try (BankNode after = bank.newNode("s1", bank.server, heads)) {
          after.start();
          TestClient.until("it stands still", () -> after.phase() instanceof NodePhase.Halted);
          assertThat(after.tip()).isEqualTo(stored);

          heads.accept(after.tip().height(), after.tip().hash());

          assertThat(after.awaitWriting(START_MILLIS)).isTrue();
          assertThat(after.tip().height()).isGreaterThan(stored.height());
        }
      }
    }
  }
}
