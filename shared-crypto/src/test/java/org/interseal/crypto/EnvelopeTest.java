package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.interseal.identity.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  static Stream<Arguments> pairs() {
    return Suites.pairs();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void what_one_suite_seals_the_other_opens(CryptoSuite sealing, CryptoSuite opening)
      throws Exception {
    for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
      SigningKey author = SigningKey.generate(algorithm, Fixture.random("author"), sealing);
      DecryptionKey recipient = DecryptionKey.generate(Fixture.random("recipient"), opening);
      EncryptionKey sealTo = EncryptionKey.fromSpki(recipient.encryptionKey().spki(), sealing);
      VerificationKey verify = VerificationKey.fromSpki(author.verificationKey().spki(), opening);

      String envelope = Envelope.seal(Fixture.letter(), author, sealTo, 3, Fixture.random("seal"));

      assertThat(Envelope.header(envelope)).isEqualTo(new EnvelopeHeader(1, sealTo.id(), 3));
      assertThat(open(envelope, recipient, verify, Optional.of(Fixture.NOW)))
          .isEqualTo(new OpenedLetter(Fixture.letter(), verify.id(), 3));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 700, 5_000, 100_000, Envelope.MAX_BODY_BYTES})
  void bodies_of_every_size_come_back_in_an_envelope_of_a_padded_size(int bodyBytes)
      throws Exception {
    Keys keys = Keys.of(SignatureAlgorithm.ED25519);
    Letter letter = Fixture.letter(Bytes.of(new byte[bodyBytes]));
    String envelope = keys.seal(letter);
    assertThat(keys.open(envelope, Fixture.NOW).letter()).isEqualTo(letter);
    assertThat(envelope.length()).isLessThanOrEqualTo(Envelope.MAX_LENGTH);
  }

  /** The table in docs/reference/envelope.md. */
  @ParameterizedTest
  @CsvSource({
    "1024, 3037",
    "2048, 4402",
    "4096, 7133",
    "8192, 12594",
    "16384, 23517",
    "32768, 45362",
    "65536, 89053",
    "131072, 176434",
    "194560, 261085"
  })
  void padded_sizes_and_their_sealed_lengths_are_documented(int paddedBytes, int characters) {
    EncryptionKey recipient = Keys.of(SignatureAlgorithm.ED25519).recipient.encryptionKey();
    assertThat(LetterCodec.isPaddedSize(paddedBytes)).isTrue();
    assertThat(Envelope.encrypt(new byte[paddedBytes], recipient, 9, Fixture.random("s")))
        .hasSize(characters);
  }

  @Test
  void an_ordinary_instruction_takes_the_second_size() {
    Keys keys = Keys.of(SignatureAlgorithm.ED25519);
    int length = keys.seal(Fixture.letter(Bytes.of(new byte[700]))).length();
    assertThat(length).isEqualTo(keys.seal(Fixture.letter(Bytes.of(new byte[900]))).length());
    assertThat(length).isBetween(4_000, 4_600);
  }

  @Test
  void a_body_that_fits_in_no_envelope_is_refused_before_it_is_signed() {
    Keys keys = Keys.of(SignatureAlgorithm.ED25519);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys.seal(Fixture.letter(Bytes.of(new byte[146_000]))));
  }

  @Test
  void the_largest_header_leaves_room_for_the_promised_body() throws Exception {
    Keys keys = Keys.of(SignatureAlgorithm.ED25519);
    Letter longest =
        new Letter(
            Party.gateway(Fixture.BANK, "n".repeat(64)),
            Party.gateway(Fixture.BANK, "m".repeat(64)),
            "t".repeat(64),
            Bytes.of(new byte[16]),
            Letter.MAX_NUMBER,
            Instant.ofEpochMilli(Letter.MAX_NUMBER - 1),
            Instant.ofEpochMilli(Letter.MAX_NUMBER),
            Bytes.of(new byte[Envelope.MAX_BODY_BYTES]));
    String envelope =
        Envelope.seal(
            longest,
            keys.author,
            keys.recipient.encryptionKey(),
            Integer.MAX_VALUE,
            Fixture.random("s"));
    assertThat(envelope.length()).isLessThanOrEqualTo(Envelope.MAX_LENGTH);
    OpenedLetter opened =
        Envelope.open(
            envelope,
            id -> Optional.of(keys.recipient),
            (author, id) -> Optional.of(keys.author.verificationKey()),
            party -> true,
            Optional.empty());
    assertThat(opened)
        .isEqualTo(
            new OpenedLetter(longest, keys.author.verificationKey().id(), Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @EnumSource(SignatureAlgorithm.class)
  void sealing_twice_gives_two_envelopes_that_say_nothing_about_each_other(
      SignatureAlgorithm algorithm) {
    Keys keys = Keys.of(algorithm);
    String first = keys.seal(Fixture.letter());
    String second = keys.seal(Fixture.letter());
    assertThat(first.split("\\.")[1]).isNotEqualTo(second.split("\\.")[1]);
    assertThat(first.split("\\.")[3]).isNotEqualTo(second.split("\\.")[3]);
  }

  @Test
  void without_a_time_expiry_is_left_to_the_ledger() throws Exception {
    Keys keys = Keys.of(SignatureAlgorithm.ED25519);
    String envelope = keys.seal(Fixture.letter());
    assertThat(
            open(envelope, keys.recipient, keys.author.verificationKey(), Optional.empty())
                .letter())
        .isEqualTo(Fixture.letter());
    assertThat(keys.open(envelope, Fixture.NOW.plus(Duration.ofHours(24)).minusMillis(1)).letter())
        .isEqualTo(Fixture.letter());
  }

  static OpenedLetter open(
      String envelope, DecryptionKey recipient, VerificationKey author, Optional<Instant> now)
      throws CryptoFailure {
    return Envelope.open(
        envelope,
        id -> id.equals(recipient.encryptionKey().id()) ? Optional.of(recipient) : Optional.empty(),
        Fixture.author(Fixture.DEVICE, author),
        Party.bank(Fixture.BANK)::equals,
        now);
  }

  /** An author and a recipient. */
  record Keys(SigningKey author, DecryptionKey recipient) {
    static Keys of(SignatureAlgorithm algorithm) {
      return new Keys(
          SigningKey.generate(algorithm, Fixture.random("author")),
          DecryptionKey.generate(Fixture.random("recipient")));
    }

    String seal(Letter letter) {
      return Envelope.seal(letter, author, recipient.encryptionKey(), 0, Fixture.random("seal"));
    }

    OpenedLetter open(String envelope, Instant now) throws CryptoFailure {
      return EnvelopeTest.open(envelope, recipient, author.verificationKey(), Optional.of(now));
    }
  }

  @Test
  void a_letter_may_bring_the_key_that_its_author_is_named_by() throws Exception {
    SigningKey author = SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("author"));
    DecryptionKey recipient = DecryptionKey.generate(Fixture.random("recipient"));
    Letter letter = Fixture.letter(author.verificationKey().spki());
    String envelope =
        Envelope.seal(letter, author, recipient.encryptionKey(), 0, Fixture.random("seal"));
    AuthorKeys fromTheBody =
        new AuthorKeys() {
          @Override
          public Optional<VerificationKey> find(Party party, KeyId signingKey) {
            return Optional.empty();
          }

          @Override
          public Optional<VerificationKey> find(Letter unverified, KeyId signingKey) {
            try {
              return Optional.of(VerificationKey.fromSpki(unverified.body()));
            } catch (InvalidKeyMaterial e) {
              return Optional.empty();
            }
          }
        };

    OpenedLetter opened =
        Envelope.open(
            envelope,
            id -> Optional.of(recipient),
            fromTheBody,
            Party.bank(Fixture.BANK)::equals,
            Optional.empty());

    assertThat(opened.signingKey()).isEqualTo(author.verificationKey().id());
  }
}
