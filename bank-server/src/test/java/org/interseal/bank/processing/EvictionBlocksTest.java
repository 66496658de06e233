package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.interseal.bank.chain.ChainContent.Next;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerEvent.ServerEvicted;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.MadeUpBody;
import org.interseal.bank.ledger.SnapshotCodec;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.RevokedServer;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.protocol.registry.TestAuthority.TestBank;
import org.junit.jupiter.api.Test;

class EvictionBlocksTest {
  private static final BankId US = new BankId("AAAAXX00");

  private final TestAuthority authority = new TestAuthority();
  private final TestBank bank = authority.bank(US.value());
  private final TestBank other = authority.bank("BBBBXX00");
  private final TestAuthority.TestNode evicted = bank.server("s2");
  private final BankDirectory directory;
  private final LedgerContent empty;

  EvictionBlocksTest() throws Exception {
    directory =
        BankDirectory.verified(
            authority.root(),
            List.of(
                bank.licence(1, LicenceStatus.ACTIVE).body(),
                bank.server("s1").row().body(),
                evicted.row().body(),
                bank.revocation(1, evicted).body()));
    empty = LedgerContent.empty(US, 0, EvictionProofs.under(nothingRead()));
  }

  /** The root is enough. */
  private BankDirectory nothingRead() throws Exception {
    return BankDirectory.verified(authority.root(), List.of());
  }

  private ServerEvicted eviction() {
    RevokedServer revoked = directory.revokedServers(US).getFirst();
    return new ServerEvicted("s2", revoked.key(), revoked.revocation(), revoked.certificate());
  }

  private static Bytes block(LedgerEvent... events) {
    return MadeUpBody.first().consumed("eviction/x").events(events).encoded();
  }

  private static LedgerContent fits(Next next) {
    assertThat(next).isInstanceOf(Next.Fits.class);
    return (LedgerContent) ((Next.Fits) next).after();
  }

  private void assertObjected(ServerEvicted eviction) {
    assertThat(empty.next(1, 2, block(eviction)))
        .isEqualTo(new Next.Objection("an eviction that is not proved"));
  }

  @Test
  void aProvedEvictionHoldsFromThereOnForThatKey() {
    KeyId key = eviction().key();
    LedgerContent after = fits(empty.next(1, 2, block(eviction())));

    assertThat(empty.isEvicted(key)).isFalse();
    assertThat(after.isEvicted(key)).isTrue();
    assertThat(after.isEvicted(bank.certifying().verificationKey().id())).isFalse();
    assertThat(after.state().registry().evicted())
        .containsEntry(
            key.value(), new org.interseal.bank.ledger.RegistryView.EvictedServer("s2", 1));
    assertThat(after.next(2, 2, block(eviction())))
        .as("once is enough")
        .isInstanceOf(Next.Objection.class);
  }

  @Test
  void anEvictionWithoutItsProofIsNoBlock() {
    ServerEvicted proved = eviction();
    String notOurs = other.revocation(1, evicted).body();
    String anotherNodes = bank.server("s3").row().body();

    assertObjected(
        new ServerEvicted("s3", proved.key(), proved.revocation(), proved.certificate()));
    assertObjected(
        new ServerEvicted(
            "s2",
            other.certifying().verificationKey().id(),
            proved.revocation(),
            proved.certificate()));
    assertObjected(new ServerEvicted("s2", proved.key(), notOurs, proved.certificate()));
    assertObjected(new ServerEvicted("s2", proved.key(), proved.revocation(), anotherNodes));
    assertObjected(
        new ServerEvicted("s2", proved.key(), proved.certificate(), proved.revocation()));
    assertObjected(
        new ServerEvicted(
            "s2",
            proved.key(),
            proved.revocation().replace("\"v\":1", "\"v\":2"),
            proved.certificate()));
    assertObjected(new ServerEvicted("s2", proved.key(), "", ""));
  }

  @Test
  void anotherBanksServerIsNotEvictedHere() {
    TestAuthority.TestNode theirs = other.server("s2");
    assertObjected(
        new ServerEvicted(
            "s2",
            theirs.key().verificationKey().id(),
            other.revocation(1, theirs).body(),
            theirs.row().body()));
  }

  @Test
  void blocksOfTheFirstFormatEvictNobody() {
    assertThat(empty.next(1, 1, block(eviction())))
        .isEqualTo(new Next.Objection("an eviction in a block of version 1"));
  }

  @Test
  void onlyABlockOfEvictionsAloneTakesOver() {
    LedgerEvent other = new LedgerEvent.InputSetAside("x/0", "junk");

    assertThat(((Next.Fits) empty.next(1, 2, block(eviction()))).evicts()).isTrue();
    assertThat(((Next.Fits) empty.next(1, 2, block(eviction(), other))).evicts()).isFalse();
    assertThat(((Next.Fits) empty.next(1, 2, block(other))).evicts()).isFalse();
    assertThat(((Next.Fits) empty.next(1, 2, block())).evicts()).isFalse();
  }

  @Test
  void aServerFindsWhomToEvictAndReadsItsOwnBlock() throws Exception {
    Evictions evictions =
        new Evictions(
            US, bank.certifying().verificationKey().id(), directory, () -> TestAuthority.NOW);
    Bytes body = evictions.takeOver(empty).orElseThrow();
    LedgerContent after = fits(empty.next(1, 2, body));

    assertThat(after.isEvicted(eviction().key())).isTrue();
    assertThat(
            fits(LedgerContent.empty(US, 0, EvictionProofs.under(directory)).next(1, 2, body))
                .state())
        .as("for who only reads it")
        .isEqualTo(after.state());
    assertThat(evictions.takeOver(after)).isEmpty();
    assertThat(evictions.isRevoked("s2")).isTrue();
    assertThat(evictions.isRevoked("s1")).isFalse();
    assertThat(evictions.isRevoked("s9")).isFalse();
    evictions.requireInForce();
  }

  @Test
  void snapshotsKeepWhoIsEvictedAndOlderOnesAreRead() throws Exception {
    LedgerState after = fits(empty.next(1, 2, block(eviction()))).state();

    assertThat(SnapshotCodec.decode(SnapshotCodec.encode(after))).isEqualTo(after);
    List<Bytes> without = SnapshotCodec.encode(empty.state());
    assertThat(without.getFirst().toUtf8()).doesNotContain("evicted");
    assertThat(SnapshotCodec.decode(without)).isEqualTo(empty.state());
  }
}
