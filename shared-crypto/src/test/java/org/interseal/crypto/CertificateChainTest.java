package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateChainTest {
  private static final Instant FROM = Fixture.NOW.minus(Duration.ofDays(1));
  private static final Instant UNTIL = Fixture.NOW.plus(Duration.ofDays(365));
  private static final SecureRandom RANDOM = Fixture.random("certificates");

  /** An authority, a bank with its internal CA, and keys for one node. */
  private record Federation(
      RootCertificate root,
      SigningKey rootKey,
      Bytes bank,
      SigningKey bankKey,
      Bytes internalCa,
      SigningKey caKey,
      SigningKey nodeKey,
      DecryptionKey nodeDecryptionKey) {
    static Federation of(BankId bankId, SignatureAlgorithm algorithm) {
      SigningKey rootKey = SigningKey.generate(algorithm, Fixture.random("root"));
      RootCertificate root =
          CertificateIssuer.root("Authority of XX", rootKey, FROM, UNTIL, Fixture.random("serial"));
      SigningKey bankKey = SigningKey.generate(algorithm, Fixture.random("bank" + bankId));
      Bytes bank =
          CertificateIssuer.bank(
              bankId, bankKey.verificationKey(), root, rootKey, FROM, UNTIL, RANDOM);
      SigningKey caKey = SigningKey.generate(algorithm, Fixture.random("ca" + bankId));
      Bytes ca =
          CertificateIssuer.internalCa(caKey.verificationKey(), bank, bankKey, FROM, UNTIL, RANDOM);
      return new Federation(
          root,
          rootKey,
          bank,
          bankKey,
          ca,
          caKey,
          SigningKey.generate(algorithm, Fixture.random("node" + bankId)),
          DecryptionKey.generate(Fixture.random("node" + bankId)));
    }

    Bytes node(Party party) {
      return CertificateIssuer.node(
          party,
          nodeKey.verificationKey(),
          Optional.of(nodeDecryptionKey.encryptionKey()),
          internalCa,
          caKey,
          FROM,
          UNTIL,
          RANDOM);
    }

    CertificateChain chain(Party party) {
      return new CertificateChain(List.of(node(party), internalCa, bank));
    }

    /** Whatever a dishonest holder of {@code issuerKey} would write. */
    Bytes forged(Party subject, SigningKey key, X500Name issuer, SigningKey issuerKey) {
      return CertificateIssuer.issue(
          new CertificateIssuer.Request(
              subject.role(),
              Profile.subject(subject),
              key.verificationKey(),
              Optional.empty(),
              FROM,
              UNTIL),
          issuer,
          issuerKey,
          RANDOM);
    }
  }

  @ParameterizedTest
  @EnumSource(SignatureAlgorithm.class)
  void every_role_validates_in_its_own_chain(SignatureAlgorithm algorithm) throws Exception {
    Federation federation = Federation.of(Fixture.BANK, algorithm);

    CertifiedParty bank =
        new CertificateChain(List.of(federation.bank))
            .validate(federation.root, PartyRole.BANK, Fixture.NOW);
    assertThat(bank.party()).isEqualTo(Party.bank(Fixture.BANK));
    assertThat(bank.key()).isEqualTo(federation.bankKey.verificationKey());
    assertThat(bank.encryptionKey()).isEmpty();

    CertifiedParty ca =
        new CertificateChain(List.of(federation.internalCa, federation.bank))
            .validate(federation.root, PartyRole.INTERNAL_CA, Fixture.NOW);
    assertThat(ca.key()).isEqualTo(federation.caKey.verificationKey());

    for (Party node :
        List.of(
            Party.server(Fixture.BANK, "s1"),
            Party.gateway(Fixture.BANK, "g1"),
            Party.branch(Fixture.BANK, "b1"))) {
      CertifiedParty certified =
          federation.chain(node).validate(federation.root, node.role(), Fixture.NOW);
      assertThat(certified.party()).isEqualTo(node);
      assertThat(certified.key()).isEqualTo(federation.nodeKey.verificationKey());
      assertThat(certified.encryptionKey()).contains(federation.nodeDecryptionKey.encryptionKey());
      assertThat(certified.serial()).hasSizeBetween(31, 32);
      assertThat(certified.notAfter()).isEqualTo(UNTIL.minusMillis(123));
    }
    assertThat(federation.root.key()).isEqualTo(federation.rootKey.verificationKey());
  }

  @Test
  void a_branch_certificate_is_not_a_servers() {
    Federation federation = Federation.of(Fixture.BANK, SignatureAlgorithm.ED25519);
    CertificateChain branch = federation.chain(Party.branch(Fixture.BANK, "b1"));
    assertRejected(branch, federation.root, PartyRole.SERVER, "branch where a server");
    assertRejected(branch, federation.root, PartyRole.GATEWAY, "branch where a gateway");
    assertRejected(branch, federation.root, PartyRole.BANK, "a chain of 3");
    assertRejected(branch, federation.root, PartyRole.INTERNAL_CA, "a chain of 3");
    assertRejected(branch, federation.root, PartyRole.DEVICE, "no certificate chain");
  }

  @Test
  void nothing_under_one_bank_speaks_for_another() {
    Federation federation = Federation.of(Fixture.BANK, SignatureAlgorithm.ED25519);
    Party foreign = Party.server(Fixture.OTHER_BANK, "s1");
    assertThatIllegalArgumentException().isThrownBy(() -> federation.node(foreign));

    Bytes forgedNode =
        federation.forged(
            foreign,
            federation.nodeKey,
            Profile.subject(Profile.internalCa(Fixture.BANK)),
            federation.caKey);
    assertRejected(
        new CertificateChain(List.of(forgedNode, federation.internalCa, federation.bank)),
        federation.root,
        PartyRole.SERVER,
        "under another bank");

    Bytes forgedCa =
        federation.forged(
            Profile.internalCa(Fixture.OTHER_BANK),
            federation.caKey,
            Profile.subject(Party.bank(Fixture.BANK)),
            federation.bankKey);
    Bytes nodeUnderIt =
        federation.forged(
            foreign,
            federation.nodeKey,
            Profile.subject(Profile.internalCa(Fixture.OTHER_BANK)),
            federation.caKey);
    assertRejected(
        new CertificateChain(List.of(nodeUnderIt, forgedCa, federation.bank)),
        federation.root,
        PartyRole.SERVER,
        "under another bank");
  }

  @Test
  void chains_of_two_banks_do_not_mix() {
    Federation one = Federation.of(Fixture.BANK, SignatureAlgorithm.ED25519);
    Federation other = Federation.of(Fixture.OTHER_BANK, SignatureAlgorithm.ED25519);
    assertRejected(
        new CertificateChain(
            List.of(one.node(Party.server(Fixture.BANK, "s1")), one.internalCa, other.bank)),
        one.root,
        PartyRole.SERVER,
        "under another bank");
  }

  @Test
  void another_authority_vouches_for_nobody() {
    Federation federation = Federation.of(Fixture.BANK, SignatureAlgorithm.ED25519);
    SigningKey key = SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("other root"));
    RootCertificate sameName = CertificateIssuer.root("Authority of XX", key, FROM, UNTIL, RANDOM);
    assertRejected(
        federation.chain(Party.server(Fixture.BANK, "s1")),
        sameName,
        PartyRole.SERVER,
        "another key");
    assertRejected(
        federation.chain(Party.server(Fixture.BANK, "s1")),
        new RootCertificate(federation.bank),
        PartyRole.SERVER,
        "no authority's");
  }

  @Test
  void a_certificate_counts_only_within_its_validity() throws Exception {
    Federation federation = Federation.of(Fixture.BANK, SignatureAlgorithm.ED25519);
    CertificateChain chain = federation.chain(Party.server(Fixture.BANK, "s1"));
    assertRejected(chain, federation.root, PartyRole.SERVER, UNTIL.plusSeconds(1), "expired");
    assertRejected(chain, federation.root, PartyRole.SERVER, FROM.minusSeconds(2), "not valid yet");

    Bytes shortNode =
        CertificateIssuer.node(
            Party.server(Fixture.BANK, "s1"),
            federation.nodeKey.verificationKey(),
            Optional.empty(),
            federation.internalCa,
            federation.caKey,
            FROM,
            Fixture.NOW,
            RANDOM);
    CertificateChain shortChain =
        new CertificateChain(List.of(shortNode, federation.internalCa, federation.bank));
    assertThat(shortChain.validate(federation.root, PartyRole.SERVER, FROM).encryptionKey())
        .isEmpty();
    assertRejected(
        shortChain, federation.root, PartyRole.SERVER, Fixture.NOW.plusSeconds(1), "expired");
  }

  @Test
  void the_order_of_a_chain_matters() {
    Federation federation = Federation.of(Fixture.BANK, SignatureAlgorithm.ED25519);
    Bytes node = federation.node(Party.server(Fixture.BANK, "s1"));
    assertRejected(
        new CertificateChain(List.of(node, federation.bank, federation.internalCa)),
        federation.root,
        PartyRole.SERVER,
        "bank where a internal-ca");
    assertRejected(
        new CertificateChain(List.of(node, federation.bank)),
        federation.root,
        PartyRole.SERVER,
        "a chain of 2");
    assertThatIllegalArgumentException().isThrownBy(() -> new CertificateChain(List.of()));
  }

  @Test
  void a_bank_does_not_license_a_bank_nor_a_node_certify_a_node() {
    Federation federation = Federation.of(Fixture.BANK, SignatureAlgorithm.ED25519);
    Bytes bankByBank =
        federation.forged(
            Party.bank(Fixture.OTHER_BANK),
            federation.caKey,
            Profile.subject(Party.bank(Fixture.BANK)),
            federation.bankKey);
    assertRejected(
        new CertificateChain(List.of(bankByBank)),
        federation.root,
        PartyRole.BANK,
        "somebody else");
    assertRejected(
        new CertificateChain(List.of(bankByBank, federation.bank)),
        federation.root,
        PartyRole.BANK,
        "a chain of 2");

    Bytes node = federation.node(Party.server(Fixture.BANK, "s1"));
    Bytes nodeByNode =
        federation.forged(
            Party.server(Fixture.BANK, "s2"),
            federation.caKey,
            Profile.subject(Party.server(Fixture.BANK, "s1")),
            federation.nodeKey);
    assertRejected(
        new CertificateChain(List.of(nodeByNode, node, federation.internalCa)),
        federation.root,
        PartyRole.SERVER,
        "server where a internal-ca");
  }

  @Test
  void a_node_that_calls_itself_a_ca_is_refused() {
    Federation federation = Federation.of(Fixture.BANK, SignatureAlgorithm.ED25519);
    // The node holds the key of a CA certificate that names it: role internal CA, but a node's
    // subject.
    Bytes abuse =
        CertificateIssuer.issue(
            new CertificateIssuer.Request(
                PartyRole.INTERNAL_CA,
                Profile.subject(Party.server(Fixture.BANK, "s1")),
                federation.nodeKey.verificationKey(),
                Optional.empty(),
                FROM,
                UNTIL),
            Profile.subject(Profile.internalCa(Fixture.BANK)),
            federation.caKey,
            RANDOM);
    assertRejected(
        new CertificateChain(List.of(abuse, federation.bank)),
        federation.root,
        PartyRole.INTERNAL_CA,
        "not the subject");
  }

  @Test
  void a_signature_by_another_key_is_refused_by_the_path_validator() {
    Federation federation = Federation.of(Fixture.BANK, SignatureAlgorithm.ED25519);
    Bytes node = federation.node(Party.server(Fixture.BANK, "s1"));
    byte[] altered = node.toArray();
    altered[altered.length - 1] ^= 1; // the last byte of the signature
    assertRejected(
        new CertificateChain(List.of(Bytes.of(altered), federation.internalCa, federation.bank)),
        federation.root,
        PartyRole.SERVER,
        "no valid path");
  }

  @ParameterizedTest
  @EnumSource(SignatureAlgorithm.class)
  void no_altered_bit_goes_unnoticed(SignatureAlgorithm algorithm) {
    Federation federation = Federation.of(Fixture.BANK, algorithm);
    Bytes bank = federation.bank;
    for (int bit = 0; bit < bank.size() * 8; bit++) {
      byte[] altered = bank.toArray();
      altered[bit / 8] ^= (byte) (1 << (bit % 8));
      CertificateChain chain = new CertificateChain(List.of(Bytes.of(altered)));
      assertThatExceptionOfType(CertificateRejected.class)
          .as("bit %d", bit)
          .isThrownBy(() -> chain.validate(federation.root, PartyRole.BANK, Fixture.NOW));
    }
    for (int length = 0; length < bank.size(); length++) {
      CertificateChain chain = new CertificateChain(List.of(bank.prefix(length)));
      assertThatExceptionOfType(CertificateRejected.class)
          .isThrownBy(() -> chain.validate(federation.root, PartyRole.BANK, Fixture.NOW));
    }
  }

  @Test
  void issuing_needs_the_right_issuer() {
    Federation federation = Federation.of(Fixture.BANK, SignatureAlgorithm.ED25519);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            CertificateIssuer.internalCa(
                federation.caKey.verificationKey(),
                federation.bank,
                federation.caKey,
                FROM,
                UNTIL,
                RANDOM));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            CertificateIssuer.internalCa(
                federation.caKey.verificationKey(),
                federation.internalCa,
                federation.caKey,
                FROM,
                UNTIL,
                RANDOM));
  }

  private static void assertRejected(
      CertificateChain chain, RootCertificate root, PartyRole expected, String why) {
    assertRejected(chain, root, expected, Fixture.NOW, why);
  }

  private static void assertRejected(
      CertificateChain chain, RootCertificate root, PartyRole expected, Instant at, String why) {
    assertThatExceptionOfType(CertificateRejected.class)
        .isThrownBy(() -> chain.validate(root, expected, at))
        .withMessageContaining(why);
  }
}
