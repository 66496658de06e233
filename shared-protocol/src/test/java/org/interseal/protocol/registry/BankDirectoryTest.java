package org.interseal.protocol.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.protocol.registry.LicenceStatus.ACTIVE;
import static org.interseal.protocol.registry.LicenceStatus.SUSPENDED;
import static org.interseal.protocol.registry.TestAuthority.NOW;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificateChain;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.TestAuthority.TestBank;
import org.interseal.protocol.registry.TestAuthority.TestNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BankDirectoryTest {
  private final TestAuthority authority = new TestAuthority();
  private final TestBank a = authority.bank("AAAAXX00");
  private final TestBank b = authority.bank("BBBBXX00");

  @Test
  void aLicensedBankIsUsableInsideItsValidity() throws Exception {
    BankDirectory directory = directory(a.licence(1, ACTIVE));

    assertThat(directory.usable(a.id(), NOW)).isTrue();
    assertThat(directory.usable(a.id(), NOW.plus(Duration.ofDays(366)))).isFalse();
    assertThat(directory.usable(a.id(), NOW.minus(Duration.ofDays(1)))).isFalse();
    assertThat(directory.bank(a.id()).orElseThrow().encryptionKey())
        .isEqualTo(a.decryption().encryptionKey());
    assertThat(directory.byInstitution("AAAA")).contains(a.id());
    assertThat(directory.byIban(Iban.of(a.id(), 0, 7))).contains(a.id());
    assertThat(directory.version()).isEqualTo(1);
    assertThat(directory.refused()).isEmpty();
  }

  @Test
  void aBankWithoutALicenceIsNobody() throws Exception {
    TestNode server = a.server("s1");
    BankDirectory directory =
        directory(server.row(), a.epoch(1, 2, DecryptionKey.generate(new SecureRandom())));

    assertThat(directory.bank(a.id())).isEmpty();
    assertThat(directory.usable(a.id(), NOW)).isFalse();
    assertThat(directory.node(a.id(), PartyRole.SERVER, key(server), NOW)).isEmpty();
    assertThat(directory.everCertified(a.id(), PartyRole.SERVER, key(server))).isEmpty();
    assertThat(directory.byInstitution("AAAA")).isEmpty();
  }

  @Test
  void aSuspendedBankStaysKnownButIsNotUsable() throws Exception {
    TestNode server = a.server("s1");
    BankDirectory directory =
        directory(a.licence(1, ACTIVE), server.row(), a.licence(2, SUSPENDED));

    assertThat(directory.usable(a.id(), NOW)).isFalse();
    assertThat(directory.node(a.id(), PartyRole.SERVER, key(server), NOW)).isPresent();
  }

  @Test
  void anOldLicenceAfterASuspensionIsRefused() throws Exception {
    BankDirectory directory = directory(a.licence(2, SUSPENDED), a.licence(1, ACTIVE));

    assertThat(directory.usable(a.id(), NOW)).isFalse();
    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.NUMBER_NOT_HIGHER, 1L));
  }

  @Test
  void ofTwoLicencesWithOneNumberTheSuspensionCounts() throws Exception {
    assertThat(directory(a.licence(1, ACTIVE), a.licence(1, SUSPENDED)).usable(a.id(), NOW))
        .isFalse();
    BankDirectory directory = directory(a.licence(1, SUSPENDED), a.licence(1, ACTIVE));
    assertThat(directory.usable(a.id(), NOW)).isFalse();
    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.CONTRADICTION, 1L));
  }

  @Test
  void aLicenceThatABankSignedForAnotherIsRefused() throws Exception {
    RegistryRow forged = RegistryRow.of(b.licenceRecord(9, ACTIVE), a.certifying());
    BankDirectory directory = directory(a.licence(1, ACTIVE), forged);

    assertThat(directory.bank(b.id())).isEmpty();
    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.BAD_SIGNATURE, 1L));
  }

  @Test
  void aBankCannotRaiseTheNumberOfItsOwnLicence() throws Exception {
    RegistryRow raised = RegistryRow.of(a.licenceRecord(3, ACTIVE), a.certifying());
    BankDirectory directory = directory(a.licence(2, SUSPENDED), raised);

    assertThat(directory.usable(a.id(), NOW)).isFalse();
    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.BAD_SIGNATURE, 1L));
  }

  @Test
  void aLicenceWithTheCertificateOfAnotherBankIsRefused() throws Exception {
    BankLicence ofB = b.licenceRecord(1, ACTIVE);
    BankLicence mixed =
        new BankLicence(
            1,
            a.id(),
            1,
            ofB.certificate(),
            ofB.encryptionKey(),
            1,
            1,
            ACTIVE,
            ofB.notBeforeMillis(),
            ofB.notAfterMillis(),
            "Mixed",
            "plc");
    BankDirectory directory = directory(RegistryRow.of(mixed, authority.rootKey()));

    assertThat(directory.banks()).isEmpty();
    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.WRONG_BANK, 1L));
  }

  @Test
  void aLicenceOfAnotherAuthorityIsRefused() throws Exception {
    BankDirectory directory = directory(new TestAuthority().bank("AAAAXX00").licence(1, ACTIVE));

    assertThat(directory.banks()).isEmpty();
    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.BAD_SIGNATURE, 1L));
  }

  @Test
  void laterEpochsReplaceTheKeyAndKeepEarlierOnesKnown() throws Exception {
    DecryptionKey second = DecryptionKey.generate(new SecureRandom());
    LicensedBank bank =
        directory(a.licence(1, ACTIVE), a.epoch(1, 2, second)).bank(a.id()).orElseThrow();

    assertThat(bank.encryptionKey()).isEqualTo(second.encryptionKey());
    assertThat(bank.epoch()).isEqualTo(2);
    assertThat(bank.hasEncryptionKey(a.decryption().encryptionKey().id())).isTrue();
  }

  @Test
  void anEpochThatIsNotHigherChangesNothing() throws Exception {
    DecryptionKey second = DecryptionKey.generate(new SecureRandom());
    DecryptionKey third = DecryptionKey.generate(new SecureRandom());
    BankDirectory directory =
        directory(a.licence(1, ACTIVE), a.epoch(2, 3, third), a.epoch(1, 2, second));

    assertThat(directory.bank(a.id()).orElseThrow().encryptionKey())
        .isEqualTo(third.encryptionKey());
    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.NUMBER_NOT_HIGHER, 1L));
  }

  @Test
  void noBankPublishesAnEpochForAnother() throws Exception {
    DecryptionKey evil = DecryptionKey.generate(new SecureRandom());
    EncryptionEpoch ofA = new EncryptionEpoch(1, a.id(), 7, 7, evil.encryptionKey().spki());
    BankDirectory directory =
        directory(
            a.licence(1, ACTIVE),
            b.licence(1, ACTIVE),
            RegistryRow.of(ofA, b.certificate(), b.certifying()),
            RegistryRow.of(ofA, a.certificate(), b.certifying()));

    assertThat(directory.bank(a.id()).orElseThrow().epoch()).isEqualTo(1);
    assertThat(directory.refused())
        .isEqualTo(Map.of(Refusal.WRONG_BANK, 1L, Refusal.BAD_SIGNATURE, 1L));
  }

  @Test
  void aNodeSpeaksInItsOwnRoleForItsOwnBankOnly() throws Exception {
    TestNode branch = a.branch("hall");
    BankDirectory directory = directory(a.licence(1, ACTIVE), b.licence(1, ACTIVE), branch.row());

    assertThat(directory.node(a.id(), PartyRole.BRANCH, key(branch), NOW)).isPresent();
    assertThat(directory.node(a.id(), PartyRole.SERVER, key(branch), NOW)).isEmpty();
    assertThat(directory.node(b.id(), PartyRole.BRANCH, key(branch), NOW)).isEmpty();
    var keys = directory.authorKeys(() -> NOW);
    assertThat(keys.find(branch.party(), key(branch))).contains(branch.key().verificationKey());
    assertThat(keys.find(Party.branch(a.id(), "other"), key(branch))).isEmpty();
    assertThat(keys.find(Party.server(a.id(), "hall"), key(branch))).isEmpty();
    assertThat(keys.find(Party.bank(a.id()), a.certifying().verificationKey().id())).isEmpty();
  }

  @Test
  void aNodeCertifiedUnderOneBankInTheStreamOfAnotherIsRefused() throws Exception {
    RegistryRow row = new RegistryRow(a.id().value(), b.server("s1").row().body());
    RowVerifier.Verdict verdict = new RowVerifier(authority.root()).verify(row);

    assertThat(verdict).isEqualTo(new RowVerifier.Verdict.Refused(Refusal.WRONG_STREAM));
  }

  @Test
  void aChainThatMixesTwoBanksIsRefused() throws Exception {
    List<Bytes> ofA = a.server("s1").chain().certificates();
    List<Bytes> ofB = b.server("s1").chain().certificates();
    BankDirectory directory =
        directory(
            a.licence(1, ACTIVE),
            node(a.id(), ofB.get(0), ofA.get(1), ofA.get(2)),
            node(a.id(), ofB.get(0), ofB.get(1), ofA.get(2)));

    assertThat(directory.nodes(a.id(), PartyRole.SERVER, NOW)).isEmpty();
    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.BAD_CERTIFICATE, 2L));
  }

  @Test
  void aRevokedNodeIsSilentWhateverTheOrder() throws Exception {
    TestNode kept = a.server("s1");
    TestNode evicted = a.server("s2");
    RegistryRow revocation = a.revocation(1, evicted);
    RegistryRow epoch = a.epoch(2, 2, DecryptionKey.generate(new SecureRandom()));
    List<RegistryRow> rows =
        new ArrayList<>(
            List.of(a.licence(1, ACTIVE), kept.row(), evicted.row(), epoch, revocation));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(rows, new Random(seed));
      BankDirectory directory = directory(rows.toArray(RegistryRow[]::new));

      assertThat(directory.node(a.id(), PartyRole.SERVER, key(kept), NOW)).isPresent();
      assertThat(directory.node(a.id(), PartyRole.SERVER, key(evicted), NOW)).isEmpty();
      assertThat(directory.everCertified(a.id(), PartyRole.SERVER, key(evicted))).isPresent();
      assertThat(directory.version()).isEqualTo(5);
      assertThat(directory.bank(a.id()).orElseThrow().epoch()).isEqualTo(2);
    }
  }

  @Test
  void aRevokedServerIsProvedByTwoRowsAlone() throws Exception {
    TestNode server = a.server("s1");
    TestNode branch = a.branch("b1");
    BankDirectory read = directory(a.licence(1, ACTIVE), server.row(), a.revocation(1, server));
    BankDirectory nothing = directory();

    RevokedServer proved = read.revokedServers(a.id()).getFirst();
    String revocation = proved.revocation();
    String certificate = proved.certificate();
    assertThat(proved.key()).isEqualTo(key(server));
    assertThat(nothing.revokedServers(a.id())).isEmpty();
    assertThat(nothing.proveRevocation(revocation, certificate)).contains(proved);
    assertThat(nothing.proveRevocation(certificate, revocation)).isEmpty();
    assertThat(nothing.proveRevocation(revocation, a.server("s1").row().body())).isEmpty();
    assertThat(nothing.proveRevocation(b.revocation(1, server).body(), certificate)).isEmpty();
    assertThat(nothing.proveRevocation(a.revocation(1, branch).body(), branch.row().body()))
        .as("no server")
        .isEmpty();
  }

  @Test
  void oneBankCannotRevokeTheNodesOfAnother() throws Exception {
    TestNode server = a.server("s1");
    NodeRevocation byB = new NodeRevocation(1, b.id(), 1, "s1", server.serial(authority));
    BankDirectory directory =
        directory(
            a.licence(1, ACTIVE),
            b.licence(1, ACTIVE),
            server.row(),
            RegistryRow.of(byB, b.certificate(), b.certifying()));

    assertThat(directory.node(a.id(), PartyRole.SERVER, key(server), NOW)).isPresent();
  }

  @Test
  void nodesUnderAnEarlierCertifyingKeyAreHistory() throws Exception {
    TestNode old = a.server("s1");
    TestBank rekeyed = authority.bank("AAAAXX00");
    BankDirectory directory =
        directory(a.licence(1, ACTIVE), old.row(), rekeyed.licence(2, ACTIVE));

    assertThat(directory.node(a.id(), PartyRole.SERVER, key(old), NOW)).isEmpty();
    assertThat(directory.everCertified(a.id(), PartyRole.SERVER, key(old))).isPresent();
    assertThat(
            directory
                .bank(a.id())
                .orElseThrow()
                .hasEncryptionKey(a.decryption().encryptionKey().id()))
        .isTrue();
  }

  @Test
  void aForgedResolutionIsRefusedAndTheFirstTrueOneCounts() throws Exception {
    Resolution resolution =
        new Resolution(1, a.id(), 0, b.id(), 0, 4, Bytes.sha256(Bytes.utf8("t")), false);
    BankDirectory directory =
        directory(
            RegistryRow.of(resolution, a.certifying()),
            authority.resolution(a.id(), b.id(), 4, true),
            RegistryRow.of(resolution, authority.rootKey()));

    assertThat(directory.resolutions(a.id()))
        .singleElement()
        .extracting(Resolution::settled)
        .isEqualTo(true);
    assertThat(directory.resolutions(b.id())).hasSize(1);
    // Whoever has the root can verify the evidence alone.
    String evidence = directory.publishedResolutions(a.id()).getFirst().row();
    assertThat(BankDirectory.verified(authority.root(), List.of(evidence)).resolutions(a.id()))
        .isEqualTo(directory.resolutions(a.id()));
    assertThat(directory.refused())
        .isEqualTo(Map.of(Refusal.BAD_SIGNATURE, 1L, Refusal.CONTRADICTION, 1L));
  }

  @Test
  void aResolutionIsNotALicence() throws Exception {
    String licence = a.licence(1, ACTIVE).body();
    BankDirectory directory =
        BankDirectory.verified(
            authority.root(),
            List.of(licence.replace("\"kind\":\"licence\"", "\"kind\":\"resolution\"")));

    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.BAD_SIGNATURE, 1L));
  }

  @Test
  void noChangedCharacterOfARowGoesUnnoticed() throws Exception {
    for (RegistryRow row : List.of(a.licence(1, ACTIVE), a.server("s1").row())) {
      String body = row.body();
      Random random = new Random(7);
      for (int i = 0; i < 400; i++) {
        int at = random.nextInt(body.length());
        char other = body.charAt(at) == 'A' ? 'B' : 'A';
        String altered = body.substring(0, at) + other + body.substring(at + 1);
        assertThat(BankDirectory.verified(authority.root(), List.of(altered)).version())
            .as("position %d", at)
            .isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"v\":1}",
        "{\"v\":1,\"kind\":\"licence\"}",
        "{\"v\":1,\"kind\":\"node\",\"chain\":[]}",
        "{\"v\":1,\"kind\":\"licence\",\"statement\":\"a.b.c\"}"
      })
  void rubbishIsRefused(String body) throws Exception {
    assertThat(BankDirectory.verified(authority.root(), List.of(body)).refused()).hasSize(1);
  }

  @Test
  void anotherSpellingOfARowIsRefused() throws Exception {
    String body = a.licence(1, ACTIVE).body();
    BankDirectory directory =
        BankDirectory.verified(
            authority.root(), List.of(body, body.replace(",\"kind\"", ", \"kind\"")));

    assertThat(directory.version()).isEqualTo(1);
    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.MALFORMED, 1L));
  }

  @Test
  void aLaterFormatIsNamedAsSuch() throws Exception {
    BankDirectory directory =
        BankDirectory.verified(
            authority.root(), List.of("{\"v\":2,\"kind\":\"licence\"}", "{\"v\":2,\"new\":true}"));

    assertThat(directory.refused()).isEqualTo(Map.of(Refusal.UNSUPPORTED_VERSION, 2L));
  }

  @Test
  void twoBanksWithOneInstitutionCodeAreNotAddressedByIt() throws Exception {
    TestBank twin = authority.bank("AAAAYY00");

    assertThat(directory(a.licence(1, ACTIVE), twin.licence(1, ACTIVE)).byInstitution("AAAA"))
        .isEmpty();
  }

  @Test
  void theRowsOfADirectoryProveTheSameElsewhere() throws Exception {
    TestNode server = a.server("s1");
    BankDirectory first =
        directory(a.licence(1, ACTIVE), b.licence(1, ACTIVE), server.row(), a.licence(2, ACTIVE));
    BankDirectory second = BankDirectory.verified(authority.root(), first.records(a.id()));

    assertThat(second.bank(a.id()).orElseThrow().licenceNumber()).isEqualTo(2);
    assertThat(second.node(a.id(), PartyRole.SERVER, key(server), NOW)).isPresent();
    assertThat(second.bank(b.id())).isEmpty();
  }

  private BankDirectory directory(RegistryRow... rows) throws Exception {
    return BankDirectory.verified(
        authority.root(), java.util.Arrays.stream(rows).map(RegistryRow::body).toList());
  }

  private static RegistryRow node(BankId bank, Bytes... certificates) {
    return RegistryRow.of(new NodeCertificates(bank, new CertificateChain(List.of(certificates))));
  }

  private static KeyId key(TestNode node) {
    return node.key().verificationKey().id();
  }

  @Test
  void recordsRoundTrip() throws Exception {
    BankLicence licence = a.licenceRecord(3, SUSPENDED);
    assertThat(ProtocolJson.decode(ProtocolJson.encode(licence), BankLicence.class))
        .isEqualTo(licence);
  }
}
