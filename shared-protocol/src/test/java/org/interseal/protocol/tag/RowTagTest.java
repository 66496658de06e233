package org.interseal.protocol.tag;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.identity.Party;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.protocol.registry.TestAuthority.TestBank;
import org.interseal.protocol.registry.TestAuthority.TestNode;
import org.interseal.store.MutableTable;
import org.interseal.store.NewRow;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowTagTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final TestBank A = AUTHORITY.bank("AAAAXX00");
  private static final TestBank B = AUTHORITY.bank("BBBBXX00");
  private static final TestNode SERVER_OF_B = B.server("s1");
  private static final TestNode GATEWAY_OF_A = A.gateway("g1");
  private static final TestNode GATEWAY_OF_B = B.gateway("g1");
  private static final String ENVELOPE = "an.envelope...";

  private final VirtualTime time = new VirtualTime(TestAuthority.NOW);
  private final UnkindStore store = UnkindStore.shared(1, time, time, Unkindness.none());
  private BankDirectory directory;
  private TagKeys keys;

  RowTagTest() throws Exception {
    directory = BankDirectory.of(AUTHORITY.root(), store);
    keys = keysOfA();
  }

  @BeforeEach
  void publishBanks() throws Exception {
    for (RegistryRow row :
        List.of(
            A.licence(1, LicenceStatus.ACTIVE),
            B.licence(1, LicenceStatus.ACTIVE),
            SERVER_OF_B.row(),
            GATEWAY_OF_A.row(),
            GATEWAY_OF_B.row())) {
      publish(row);
    }
  }

  private void publish(RegistryRow row) throws Exception {
    var _ = store.append(TableName.BANK_KEYS).insert(List.of(row.toInsert(0))).join();
    boolean _ = directory.refresh();
  }

  private TagKeys keysOfA() {
    return new TagKeys(
        A.id(),
        directory,
        store,
        id -> Optional.of(A.decryption()).filter(key -> key.encryptionKey().id().equals(id)),
        time);
  }

  private RowTagger tagger(TestNode writer) {
    RowTagger tagger =
        new RowTagger(
            store,
            writer.party(),
            writer.key(),
            () -> List.of(A.id()),
            bank -> directory.bank(bank).map(LicensedBank::encryptionKey),
            time,
            new SecureRandom());
    tagger.publish();
    return tagger;
  }

  private Optional<Party> writerOf(NewRow row) {
    TaggedEnvelope content = TaggedEnvelope.of(row.body());
    return keys.writerOf(row.id(), SubmissionId.of(A.id(), content.envelope()), content);
  }

  private MutableTable published() {
    return store.mutable(TableName.HEARTBEATS);
  }

  @Test
  void theReaderKnowsWhoTaggedARow() throws Exception {
    RowTagger server = tagger(SERVER_OF_B);
    RowTagger gateway = tagger(GATEWAY_OF_A);
    keys.refresh();

    assertThat(writerOf(server.row(A.id(), ENVELOPE, 0))).contains(SERVER_OF_B.party());
    assertThat(writerOf(server.row(A.id(), ENVELOPE, 7))).contains(SERVER_OF_B.party());
    assertThat(writerOf(gateway.row(A.id(), ENVELOPE, 0))).contains(GATEWAY_OF_A.party());
    assertThat(writerOf(RowTagger.untagged(A.id(), ENVELOPE, 0))).isEmpty();
  }

  @Test
  void aTagIsGoodForItsRowAlone() throws Exception {
    RowTagger server = tagger(SERVER_OF_B);
    keys.refresh();
    NewRow row = server.row(A.id(), ENVELOPE, 0);
    Bytes tag = java.util.Objects.requireNonNull(TaggedEnvelope.of(row.body()).tag());

    NewRow replayed = RowTagger.untagged(A.id(), ENVELOPE, 1);
    assertThat(
            writerOf(
                new NewRow(
                    replayed.stream(), replayed.id(), new TaggedEnvelope(ENVELOPE, tag).body())))
        .isEmpty();
    assertThat(
            writerOf(new NewRow(row.stream(), row.id(), new TaggedEnvelope("other", tag).body())))
        .isEmpty();
  }

  @Test
  void theIdOfARowAndTheNameOfItsSubmissionDoNotDependOnTheTag() {
    NewRow tagged = tagger(SERVER_OF_B).row(A.id(), ENVELOPE, 3);
    assertThat(tagged.id()).isEqualTo(SubmissionId.rowId(A.id(), ENVELOPE, 3));
    assertThat(TaggedEnvelope.of(tagged.body()).envelope()).isEqualTo(ENVELOPE);
    assertThat(TaggedEnvelope.of(ENVELOPE)).isEqualTo(new TaggedEnvelope(ENVELOPE, null));
    assertThat(TaggedEnvelope.of(ENVELOPE + "~2something"))
        .as("a later version of tags")
        .isEqualTo(new TaggedEnvelope(ENVELOPE, null));
  }

  @Test
  void onlyCertifiedWritersOfTheBankAndServersOfOthersAreBelieved() throws Exception {
    RowTagger foreignGateway = tagger(GATEWAY_OF_B);
    TestNode other = A.server("x");
    RowTagger impostor =
        tagger(new TestNode(SERVER_OF_B.party(), other.key(), other.decryption(), other.chain()));
    keys.refresh();
    assertThat(writerOf(foreignGateway.row(A.id(), ENVELOPE, 0))).isEmpty();
    assertThat(writerOf(impostor.row(A.id(), ENVELOPE, 0))).isEmpty();
    assertThat(keys.size()).isZero();
  }

  @Test
  void whoOverwritesAPublishedKeyHurtsNobodyWhoHasReadIt() throws Exception {
    RowTagger server = tagger(SERVER_OF_B);
    keys.refresh();
    String id = WriterTagKey.rowId(A.id(), SERVER_OF_B.party());
    published().put(id, "junk");
    keys.refresh();
    assertThat(writerOf(server.row(A.id(), ENVELOPE, 0))).isPresent();

    server.publish();
    keys = keysOfA();
    keys.refresh();
    assertThat(writerOf(server.row(A.id(), ENVELOPE, 0))).as("published again").isPresent();
  }

  @Test
  void anOldKeyThatIsShownAgainDoesNotDisplaceANewerOne() throws Exception {
    String id = WriterTagKey.rowId(A.id(), SERVER_OF_B.party());
    var _ = tagger(SERVER_OF_B);
    String old = published().find(id).orElseThrow().body();
    keys.refresh();
    time.advance(1_000);
    RowTagger restarted = tagger(SERVER_OF_B);
    keys.refresh();

    published().put(id, old);
    keys.refresh();
    assertThat(writerOf(restarted.row(A.id(), ENVELOPE, 0))).contains(SERVER_OF_B.party());

    keys = keysOfA();
    keys.refresh();
    assertThat(writerOf(restarted.row(A.id(), ENVELOPE, 0)))
        .as("who starts meanwhile sees the old one")
        .isEmpty();
    restarted.publish();
    keys.refresh();
    assertThat(writerOf(restarted.row(A.id(), ENVELOPE, 0))).as("published again").isPresent();
  }

  @Test
  void aRevokedWritersTagsCountNoMore() throws Exception {
    RowTagger server = tagger(SERVER_OF_B);
    keys.refresh();
    publish(B.revocation(1, SERVER_OF_B));
    keys.refresh();
    assertThat(writerOf(server.row(A.id(), ENVELOPE, 0))).isEmpty();
  }

  @Test
  void aWriterThatStartsAgainIsKnownByItsNewKey() throws Exception {
    var _ = tagger(SERVER_OF_B);
    keys.refresh();
    RowTagger restarted = tagger(SERVER_OF_B);
    assertThat(writerOf(restarted.row(A.id(), ENVELOPE, 0))).isEmpty();
    keys.refresh();
    assertThat(writerOf(restarted.row(A.id(), ENVELOPE, 0))).isPresent();
    assertThat(keys.size()).isEqualTo(1);
  }
}
