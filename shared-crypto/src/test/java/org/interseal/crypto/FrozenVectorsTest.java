package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What was sealed, signed and certified once must be readable for ever: the vectors that
 * docs/reference points to. A change that breaks this test needs another version number instead.
 */
class FrozenVectorsTest {
  private static final int VERSION_1_ENVELOPES = 4;
  private static final int VERSION_1_REFUSALS = 12;

  private final JsonNode vectors = Vectors.resource("envelope-v1.json");

  static List<CryptoSuite> suites() {
    return Suites.all();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void every_frozen_envelope_opens(CryptoSuite suite) throws Exception {
    assertThat(vectors.path("envelopes").size()).isEqualTo(VERSION_1_ENVELOPES);
    for (JsonNode v : vectors.path("envelopes")) {
      SigningKey author = signingKey(v, suite);
      DecryptionKey recipient = decryptionKey(v.path("decryptionKey").asString(), suite);
      Letter letter = letter(v.path("letter"));
      String envelope = v.path("envelope").asString();
      OpenedLetter opened =
          Envelope.open(
              envelope,
              id ->
                  id.equals(recipient.encryptionKey().id())
                      ? Optional.of(recipient)
                      : Optional.empty(),
              Fixture.author(letter.author(), author.verificationKey()),
              letter.recipient()::equals,
              Optional.of(letter.createdAt()));
      assertThat(opened)
          .isEqualTo(
              new OpenedLetter(letter, author.verificationKey().id(), v.path("part").asInt()));
    }
  }

  /**
   * With the recorded randomness, and RFC 6979 for ES256, sealing is reproducible to the last
   * character.
   */
  @Test
  void every_frozen_envelope_can_be_made_again() throws Exception {
    CryptoSuite suite = CryptoSuites.bouncyCastle();
    for (JsonNode v : vectors.path("envelopes")) {
      SigningKey author = signingKey(v, suite);
      DecryptionKey recipient = decryptionKey(v.path("decryptionKey").asString(), suite);
      Letter letter = letter(v.path("letter"));
      byte[] padded = LetterCodec.encode(letter, author);
      assertThat(padded).hasSize(v.path("paddedBytes").asInt());
      assertThat(new String(padded, StandardCharsets.ISO_8859_1))
          .startsWith(v.path("jws").asString() + "\u0080");
      assertThat(
              Envelope.seal(
                  letter,
                  author,
                  recipient.encryptionKey(),
                  v.path("part").asInt(),
                  new Recorded(Vectors.hex(v, "encapsulationRandom"))))
          .isEqualTo(v.path("envelope").asString());
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void every_frozen_bad_envelope_is_refused_for_its_reason(CryptoSuite suite) throws Exception {
    assertThat(vectors.path("refused").size()).isEqualTo(VERSION_1_REFUSALS);
    JsonNode first = vectors.path("envelopes").path(0);
    DecryptionKey recipient = decryptionKey("bank", suite);
    VerificationKey author = signingKey(first, suite).verificationKey();
    Letter letter = letter(first.path("letter"));
    for (JsonNode v : vectors.path("refused")) {
      CryptoFailure failure =
          catchThrowableOfType(
              CryptoFailure.class,
              () ->
                  Envelope.open(
                      v.path("envelope").asString(),
                      id -> Optional.of(recipient),
                      Fixture.author(letter.author(), author),
                      letter.recipient()::equals,
                      Optional.of(Instant.parse(v.path("now").asString()))));
      assertThat(failure).as(v.path("name").asString()).isNotNull();
      assertThat(failure.reason().name())
          .as(v.path("name").asString())
          .isEqualTo(v.path("reason").asString());
    }
  }

  @Test
  void frozen_statements_and_wrapped_keys_are_readable() throws Exception {
    JsonNode keys = Vectors.resource("keys-v1.json");
    CryptoSuite suite = CryptoSuites.preferred();

    JsonNode statement = keys.path("statement");
    assertThat(
            SignedStatement.verify(
                statement.path("statement").asString(),
                statement.path("type").asString(),
                VerificationKey.fromSpki(bytes(statement, "spki"))))
        .isEqualTo(bytes(statement, "payload"));

    JsonNode wrap = keys.path("keyWrap");
    DecryptionKey recipient = DecryptionKey.ofSeed(Vectors.hex(wrap, "recipientSeed"), suite);
    Bytes context = bytes(wrap, "context");
    assertThat(
            KeyWrap.unwrapDecryptionKey(bytes(wrap, "wrappedDecryptionKey"), recipient, context)
                .secret())
        .isEqualTo(Vectors.hex(wrap, "decryptionKeySeed"));
    assertThat(
            KeyWrap.unwrapSecretKey(bytes(wrap, "wrappedSecretKey"), recipient, context).secret())
        .isEqualTo(Vectors.hex(wrap, "secretKey"));
    assertThat(KeyWrap.open(bytes(wrap, "sealedBytes"), recipient, context))
        .isEqualTo(bytes(wrap, "bytes"));

    JsonNode secret = keys.path("secretKey");
    SecretKey256 key = SecretKey256.ofSecret(Vectors.hex(secret, "key"), suite);
    Bytes associatedData = bytes(secret, "associatedData");
    assertThat(key.decrypt(bytes(secret, "sealed"), associatedData))
        .isEqualTo(bytes(secret, "plaintext"));
    assertThat(SecretKey256.unwrap(bytes(secret, "wrapped"), key, associatedData).secret())
        .isEqualTo(Vectors.hex(secret, "dataKey"));
  }

  @Test
  void frozen_certificates_and_requests_validate() throws Exception {
    JsonNode all = Vectors.resource("certificates-v1.json");
    Instant at = Instant.parse(all.path("at").asString());
    for (String algorithm : new String[] {"ed25519", "es256"}) {
      JsonNode v = all.path(algorithm);
      RootCertificate root = new RootCertificate(bytes(v, "root"));
      assertThat(
              new CertificateChain(List.of(bytes(v, "bank")))
                  .validate(root, PartyRole.BANK, at)
                  .key()
                  .spki())
          .isEqualTo(bytes(v, "bankKey"));
      assertThat(v.path("nodes").size()).isEqualTo(3);
      for (var node : v.path("nodes").properties()) {
        Party party = Party.parse(node.getKey());
        CertifiedParty certified =
            new CertificateChain(
                    List.of(
                        Bytes.hex(node.getValue().asString()),
                        bytes(v, "internalCa"),
                        bytes(v, "bank")))
                .validate(root, party.role(), at);
        assertThat(certified.party()).isEqualTo(party);
        assertThat(certified.key().spki()).isEqualTo(bytes(v, "nodeKey"));
        assertThat(certified.encryptionKey().map(key -> key.id().value()))
            .isEqualTo(
                party.role() == PartyRole.GATEWAY
                    ? Optional.empty()
                    : Optional.of(v.path("nodeEncryptionKey").asString()));
      }
      assertThat(CertificationRequest.verify(bytes(v, "request")).spki())
          .isEqualTo(bytes(v, "bankKey"));
      assertThat(CertificationRequest.bank(bytes(v, "request"))).isEqualTo(new BankId("BKABXX00"));
    }
  }

  private SigningKey signingKey(JsonNode envelope, CryptoSuite suite) throws InvalidKeyMaterial {
    JsonNode key = vectors.path("signingKeys").path(envelope.path("signingKey").asString());
    SignatureAlgorithm algorithm =
        key.path("alg").asString().equals("ES256")
            ? SignatureAlgorithm.ES256
            : SignatureAlgorithm.ED25519;
    SigningKey read = SigningKey.ofSecret(algorithm, Vectors.hex(key, "secret"), suite);
    assertThat(read.verificationKey().spki()).isEqualTo(bytes(key, "spki"));
    assertThat(read.verificationKey().id().value()).isEqualTo(key.path("kid").asString());
    return read;
  }

  private DecryptionKey decryptionKey(String name, CryptoSuite suite) throws InvalidKeyMaterial {
    JsonNode key = vectors.path("decryptionKeys").path(name);
    DecryptionKey read = DecryptionKey.ofSeed(Vectors.hex(key, "seed"), suite);
    assertThat(read.encryptionKey().spki()).isEqualTo(bytes(key, "spki"));
    assertThat(read.encryptionKey().id().value()).isEqualTo(key.path("kid").asString());
    return read;
  }

  private static Letter letter(JsonNode v) {
    return new Letter(
        Party.parse(v.path("iss").asString()),
        Party.parse(v.path("aud").asString()),
        v.path("mty").asString(),
        bytes(v, "mid"),
        v.path("num").asLong(),
        Instant.ofEpochMilli(v.path("iat").asLong()),
        Instant.ofEpochMilli(v.path("exp").asLong()),
        bytes(v, "body"));
  }

  private static Bytes bytes(JsonNode node, String member) {
    return Bytes.of(HexFormat.of().parseHex(node.path(member).asString()));
  }

  /** Gives recorded randomness back. */
  private static final class Recorded extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    Recorded(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void nextBytes(byte[] target) {
      assertThat(target).hasSameSizeAs(bytes);
      System.arraycopy(bytes, 0, target, 0, bytes.length);
    }
  }
}
