package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.interseal.crypto.CryptoFailure.Reason;
import org.interseal.identity.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every altered, cut, re-addressed, replayed, late, downgraded or ambiguous envelope is refused
 * alike.
 */
class EnvelopeRefusalTest {
  private final SigningKey author =
      SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("author"));
  private final DecryptionKey recipient = DecryptionKey.generate(Fixture.random("recipient"));
  private final String envelope = sealed(Fixture.letter());

  static List<CryptoSuite> suites() {
    return Suites.all();
  }

  private String sealed(Letter letter) {
    return Envelope.seal(letter, author, recipient.encryptionKey(), 2, Fixture.random("seal"));
  }

  private OpenedLetter open(String envelope, DecryptionKey key) throws CryptoFailure {
    return Envelope.open(
        envelope,
        id -> id.equals(key.encryptionKey().id()) ? Optional.of(key) : Optional.empty(),
        Fixture.author(Fixture.DEVICE, author.verificationKey()),
        Party.bank(Fixture.BANK)::equals,
        Optional.of(Fixture.NOW));
  }

  private void assertRefused(String altered, Reason... reasons) {
    assertRefused(altered, recipient, reasons);
  }

  private void assertRefused(String altered, DecryptionKey key, Reason... reasons) {
    CryptoFailure failure = catchThrowableOfType(CryptoFailure.class, () -> open(altered, key));
    assertThat(failure).as("refusal of %s", altered).isNotNull();
    assertThat(failure.getMessage()).isEqualTo("refused");
    assertThat(failure.getCause()).isNull();
    assertThat(failure.getSuppressed()).isEmpty();
    assertThat(failure.getStackTrace()).isEmpty();
    if (reasons.length > 0) {
      assertThat(failure.reason()).isIn((Object[]) reasons);
    }
  }

  @Test
  void the_untouched_envelope_opens() throws Exception {
    assertThat(open(envelope, recipient).letter()).isEqualTo(Fixture.letter());
  }

  @Test
  void every_single_bit_of_its_characters_counts() {
    byte[] ascii = CompactJws.ascii(envelope);
    for (int bit = 0; bit < ascii.length * 8; bit++) {
      byte[] altered = ascii.clone();
      altered[bit / 8] ^= (byte) (1 << (bit % 8));
      assertRefused(new String(altered, StandardCharsets.ISO_8859_1));
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void every_single_bit_of_what_the_characters_stand_for_counts(CryptoSuite suite)
      throws Exception {
    DecryptionKey key = DecryptionKey.ofSeed(recipient.secret(), suite);
    String[] parts = envelope.split("\\.", -1);
    int step = suite instanceof BouncyCastleSuite ? 7 : 1; // slower, and a second opinion only
    for (int part : new int[] {0, 1, 3}) {
      byte[] decoded = StrictBase64Url.decode(parts[part]);
      for (int bit = 0; bit < decoded.length * 8; bit += step) {
        byte[] altered = decoded.clone();
        altered[bit / 8] ^= (byte) (1 << (bit % 8));
        assertRefused(replacePart(part, Bytes.of(altered).toBase64Url()), key);
      }
    }
  }

  private String replacePart(int part, String by) {
    String[] parts = envelope.split("\\.", -1);
    parts[part] = by;
    return String.join(".", parts);
  }

  @Test
  void every_truncation_is_refused() {
    for (int length = 0; length < envelope.length(); length++) {
      assertRefused(envelope.substring(0, length));
      assertRefused(envelope.substring(envelope.length() - length));
    }
  }

  @Test
  void additions_are_refused() {
    for (String junk : new String[] {"A", "AAAA", ".", "=", "\n", " ", "\u0000"}) {
      assertRefused(envelope + junk, Reason.MALFORMED);
      assertRefused(junk + envelope, Reason.MALFORMED);
    }
    assertRefused(envelope + "A".repeat(Envelope.MAX_LENGTH), Reason.TOO_LARGE);
    assertRefused("é".repeat(4000), Reason.MALFORMED);
  }

  @Test
  void an_envelope_to_one_key_does_not_open_with_another() {
    DecryptionKey other = DecryptionKey.generate(Fixture.random("other"));
    assertRefused(envelope, other, Reason.UNKNOWN_RECIPIENT_KEY);
    assertRefused(
        replacePart(0, header(1, other.encryptionKey().id(), "2")), other, Reason.NOT_DECRYPTABLE);
  }

  @Test
  void routing_to_another_partition_breaks_it() {
    assertRefused(
        replacePart(0, header(1, recipient.encryptionKey().id(), "3")), Reason.NOT_DECRYPTABLE);
  }

  private static String header(int version, KeyId key, String partition) {
    return base64Url(
        "{\"alg\":\"interseal.HPKE-XWING-SHA256-AES256GCM\",\"v\":"
            + version
            + ",\"kid\":\""
            + key.value()
            + "\",\"part\":"
            + partition
            + "}");
  }

  private static String base64Url(String text) {
    return Bytes.utf8(text).toBase64Url();
  }

  @Test
  void other_versions_and_algorithms_are_refused() {
    assertRefused(
        replacePart(0, header(0, recipient.encryptionKey().id(), "2")), Reason.UNSUPPORTED_VERSION);
    assertRefused(
        replacePart(0, header(2, recipient.encryptionKey().id(), "2")), Reason.UNSUPPORTED_VERSION);
    String json =
        new String(StrictBase64Url.decode(envelope.split("\\.")[0]), StandardCharsets.US_ASCII);
    for (String alg :
        new String[] {
          "none", "dir", "ECDH-ES", "HPKE-0", "interseal.HPKE-X25519-SHA256-AES256GCM", ""
        }) {
      assertRefused(
          replacePart(0, base64Url(json.replace("interseal.HPKE-XWING-SHA256-AES256GCM", alg))),
          Reason.MALFORMED);
    }
  }

  @Test
  void any_other_spelling_of_the_outer_header_is_refused() {
    String kid = recipient.encryptionKey().id().value();
    String alg = "\"alg\":\"interseal.HPKE-XWING-SHA256-AES256GCM\"";
    for (String json :
        new String[] {
          "{" + alg + ",\"v\":1,\"kid\":\"" + kid + "\",\"part\":2,\"x\":1}",
          "{" + alg + ",\"v\":1,\"v\":1,\"kid\":\"" + kid + "\",\"part\":2}",
          "{" + alg + "," + alg + ",\"v\":1,\"kid\":\"" + kid + "\",\"part\":2}",
          "{" + alg + ",\"v\":1,\"kid\":\"" + kid + "\",\"part\":2,\"part\":2}",
          "{\"v\":1," + alg + ",\"kid\":\"" + kid + "\",\"part\":2}",
          "{" + alg + ",\"v\":01,\"kid\":\"" + kid + "\",\"part\":2}",
          "{" + alg + ",\"v\":1.0,\"kid\":\"" + kid + "\",\"part\":2}",
          "{" + alg + ",\"v\":\"1\",\"kid\":\"" + kid + "\",\"part\":2}",
          "{" + alg + ",\"v\":1,\"kid\":\"" + kid + "\",\"part\":+2}",
          "{" + alg + ",\"v\":1,\"kid\":\"" + kid + "\",\"part\":-2}",
          "{" + alg + ",\"v\":1,\"kid\":\"" + kid + "\",\"part\":02}",
          "{" + alg + ",\"v\":1,\"kid\":\"" + kid + "\",\"part\":2147483648}",
          "{" + alg + ",\"v\":1,\"kid\":\"" + kid + "\",\"part\":99999999999999999999}",
          "{" + alg + ",\"v\":1,\"kid\":\"" + kid + "\",\"part\":2} ",
          " {" + alg + ",\"v\":1,\"kid\":\"" + kid + "\",\"part\":2}",
          "{" + alg + ", \"v\":1,\"kid\":\"" + kid + "\",\"part\":2}",
          "{" + alg + ",\"v\":1,\"kid\":\"" + kid.substring(1) + "\",\"part\":2}",
          "{" + alg + ",\"v\":1,\"kid\":\"\\u0041" + kid.substring(1) + "\",\"part\":2}",
          "{" + alg + ",\"v\":1,\"kid\":\"" + kid + "\"}",
          "{}",
          ""
        }) {
      assertRefused(replacePart(0, base64Url(json)), Reason.MALFORMED);
    }
  }

  @Test
  void lenient_base64_is_refused() {
    for (int part : new int[] {0, 1, 3}) {
      String text = envelope.split("\\.", -1)[part];
      assertRefused(replacePart(part, text + "="), Reason.MALFORMED);
      assertRefused(replacePart(part, text + "=="), Reason.MALFORMED);
      assertRefused(replacePart(part, text.substring(0, 8) + "\n" + text.substring(8)));
      assertRefused(replacePart(part, text.substring(0, 8) + " " + text.substring(9)));
      assertRefused(replacePart(part, text.substring(0, 8) + "+" + text.substring(9)));
      assertRefused(replacePart(part, text.substring(0, 8) + "/" + text.substring(9)));
    }
    // The encapsulation has 1,120 bytes: four unused bits in its last character.
    String enc = envelope.split("\\.", -1)[1];
    char last = enc.charAt(enc.length() - 1);
    assertThat("AQgw").contains(String.valueOf(last));
    assertRefused(
        replacePart(1, enc.substring(0, enc.length() - 1) + (char) (last + 1)), Reason.MALFORMED);
    assertRefused(replacePart(2, "AAAA"), Reason.MALFORMED);
    assertRefused(replacePart(4, "AAAA"), Reason.MALFORMED);
  }

  @Test
  void a_letter_to_somebody_else_is_refused_although_sealed_to_us() {
    Letter letter = Fixture.letter();
    for (Party other :
        new Party[] {
          Party.bank(Fixture.OTHER_BANK),
          Party.server(Fixture.BANK, "s1"),
          Party.authority(),
          Fixture.DEVICE
        }) {
      assertRefused(
          sealed(
              new Letter(
                  letter.author(),
                  other,
                  letter.type(),
                  letter.messageId(),
                  letter.number(),
                  letter.createdAt(),
                  letter.expiresAt(),
                  letter.body())),
          Reason.WRONG_RECIPIENT);
    }
  }

  @Test
  void the_recipient_cannot_pass_a_letter_on_as_if_it_were_to_another() throws Exception {
    // Bank A opens it and seals the signed inside to bank B, unchanged.
    byte[] padded = LetterCodec.encode(Fixture.letter(), author);
    DecryptionKey bankB = DecryptionKey.generate(Fixture.random("bank B"));
    String passedOn = Envelope.encrypt(padded, bankB.encryptionKey(), 0, Fixture.random("seal"));
    CryptoFailure failure =
        catchThrowableOfType(
            CryptoFailure.class,
            () ->
                Envelope.open(
                    passedOn,
                    id -> Optional.of(bankB),
                    Fixture.author(Fixture.DEVICE, author.verificationKey()),
                    Party.bank(Fixture.OTHER_BANK)::equals,
                    Optional.of(Fixture.NOW)));
    assertThat(failure.reason()).isEqualTo(Reason.WRONG_RECIPIENT);
  }

  @Test
  void a_letter_counts_between_its_creation_and_its_expiry() {
    assertThat(reasonAt(Fixture.NOW.plus(Duration.ofHours(24)))).isEqualTo(Reason.EXPIRED);
    assertThat(reasonAt(Fixture.NOW.plus(Duration.ofDays(400)))).isEqualTo(Reason.EXPIRED);
    assertThat(reasonAt(Fixture.NOW.minus(Duration.ofMinutes(5)).minusMillis(1)))
        .isEqualTo(Reason.NOT_YET_VALID);
    assertThat(reasonAt(Fixture.NOW.minus(Duration.ofMinutes(5)))).isNull();
  }

  private @org.jspecify.annotations.Nullable Reason reasonAt(Instant now) {
    CryptoFailure failure =
        catchThrowableOfType(
            CryptoFailure.class,
            () ->
                EnvelopeTest.open(envelope, recipient, author.verificationKey(), Optional.of(now)));
    return failure == null ? null : failure.reason();
  }

  @Test
  void an_author_that_is_not_known_or_no_longer_allowed_is_refused() {
    SigningKey stranger =
        SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("stranger"));
    assertRefused(
        Envelope.seal(
            Fixture.letter(), stranger, recipient.encryptionKey(), 2, Fixture.random("s")),
        Reason.UNKNOWN_AUTHOR);
    Letter letter = Fixture.letter();
    assertRefused(
        sealed(
            new Letter(
                Party.device(Fixture.BANK, "device-2"),
                letter.recipient(),
                letter.type(),
                letter.messageId(),
                letter.number(),
                letter.createdAt(),
                letter.expiresAt(),
                letter.body())),
        Reason.UNKNOWN_AUTHOR);
  }

  @Test
  void a_stranger_cannot_borrow_a_known_key_id() {
    SigningKey stranger =
        SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("stranger"));
    byte[] forged = reSigned(innerHeader(), stranger);
    assertRefused(encrypted(padded(forged)), Reason.BAD_SIGNATURE);
  }

  // ---- what an author can try, whose words inside are under no key but its own

  private String innerHeader() {
    byte[] padded = LetterCodec.encode(Fixture.letter(), author);
    String jws = new String(padded, StandardCharsets.ISO_8859_1);
    return new String(
        StrictBase64Url.decode(jws.substring(0, jws.indexOf('.'))), StandardCharsets.US_ASCII);
  }

  private static byte[] reSigned(String header, SigningKey key) {
    byte[] headerBytes = CompactJws.ascii(header);
    byte[] body = Bytes.utf8(Fixture.BODY).toArray();
    byte[] jws = new byte[CompactJws.length(headerBytes.length, body.length)];
    CompactJws.signInto(jws, headerBytes, body, key);
    return jws;
  }

  private static byte[] padded(byte[] jws) {
    byte[] padded = Arrays.copyOf(jws, jws.length < 1024 ? 1024 : 2048);
    padded[jws.length] = (byte) 0x80;
    return padded;
  }

  private String encrypted(byte[] padded) {
    return Envelope.encrypt(padded, recipient.encryptionKey(), 2, Fixture.random("seal"));
  }

  @Test
  void the_forger_of_these_tests_writes_good_envelopes_otherwise() throws Exception {
    assertThat(open(encrypted(padded(reSigned(innerHeader(), author))), recipient).letter())
        .isEqualTo(Fixture.letter());
  }

  @Test
  void any_other_spelling_of_the_inner_header_is_refused() {
    String header = innerHeader();
    List<String> others = new ArrayList<>();
    for (String member :
        new String[] {
          "\"alg\":\"Ed25519\"",
          "\"typ\":\"interseal-letter\"",
          "\"v\":1",
          "\"mty\":\"payment.instruction\"",
          "\"num\":7"
        }) {
      assertThat(header).contains(member);
      others.add(header.replace(member, member + "," + member));
      others.add(header.replace(member + ",", ""));
      others.add(header.replace(member, member.replace(":", ": ")));
    }
    others.add(header.replace("}", ",\"crit\":[\"x\"]}"));
    others.add(header.replace("}", ",\"jwk\":{}}"));
    others.add(header.replace("\"num\":7", "\"num\":07"));
    others.add(header.replace("\"num\":7", "\"num\":7.0"));
    others.add(header.replace("\"num\":7", "\"num\":-7"));
    others.add(header.replace("\"num\":7", "\"num\":9007199254740992"));
    others.add(header.replace("\"v\":1", "\"v\":\"1\""));
    others.add(header.replace("interseal-letter", "interseal-statement"));
    others.add(header.replace("device:BKABXX00:device-1", "device:bkabxx00:device-1"));
    others.add(header.replace("device:BKABXX00:device-1", "device:BKABXX00:device-1:x"));
    others.add(header.replace("device:BKABXX00", "customer:BKABXX00"));
    others.add(header.replace("payment.instruction", "Payment"));
    others.add(header.replace("payment.instruction", ""));
    others.add(header.replace("\"iat\":", "\"iat\":9007199254740991,\"x\":"));
    others.add(header.replace("\"mid\":\"AAEC", "\"mid\":\"AAE"));
    others.add(header + " ");
    for (String other : others) {
      assertThat(other).isNotEqualTo(header);
      assertRefused(encrypted(padded(reSigned(other, author))), Reason.MALFORMED);
    }
  }

  @Test
  void the_key_decides_the_algorithm() {
    String header = innerHeader();
    for (String alg : new String[] {"ES256", "EdDSA", "none", "HS256", "RS256"}) {
      assertRefused(
          encrypted(
              padded(
                  reSigned(
                      header.replace("\"alg\":\"Ed25519\"", "\"alg\":\"" + alg + "\""), author))),
          Reason.BAD_SIGNATURE);
    }
    assertRefused(
        encrypted(padded(reSigned(header.replace("\"v\":1", "\"v\":2"), author))),
        Reason.UNSUPPORTED_VERSION);
  }

  @Test
  void a_life_that_is_impossible_is_refused() {
    String header = innerHeader();
    String iat = "\"iat\":" + Fixture.NOW.toEpochMilli();
    assertThat(header).contains(iat);
    assertRefused(
        encrypted(
            padded(
                reSigned(
                    header.replaceAll("\"exp\":\\d+", "\"exp\":" + Fixture.NOW.toEpochMilli()),
                    author))),
        Reason.MALFORMED);
    assertRefused(
        encrypted(
            padded(
                reSigned(
                    header.replaceAll(
                        "\"exp\":\\d+",
                        "\"exp\":"
                            + (Fixture.NOW.toEpochMilli() + Letter.MAX_LIFETIME.toMillis() + 1)),
                    author))),
        Reason.MALFORMED);
  }

  @Test
  void padding_has_one_form() {
    byte[] jws = reSigned(innerHeader(), author);
    byte[] good = padded(jws);

    byte[] noMark = good.clone();
    noMark[jws.length] = 0;
    assertRefused(encrypted(noMark), Reason.BAD_PADDING);

    byte[] otherMark = good.clone();
    otherMark[jws.length] = 0x40;
    assertRefused(encrypted(otherMark), Reason.BAD_PADDING);

    byte[] dirty = good.clone();
    dirty[good.length - 1] = 1;
    assertRefused(encrypted(dirty), Reason.BAD_PADDING);

    byte[] twoMarks = good.clone();
    twoMarks[jws.length + 1] = (byte) 0x80;
    assertRefused(encrypted(twoMarks), Reason.MALFORMED);

    assertRefused(encrypted(new byte[1024]), Reason.BAD_PADDING);

    byte[] tooLarge = Arrays.copyOf(good, good.length * 2);
    assertRefused(encrypted(tooLarge), Reason.BAD_PADDING);

    assertRefused(encrypted(Arrays.copyOf(good, 1000)), Reason.MALFORMED);
    assertRefused(encrypted(Arrays.copyOf(good, 1025)), Reason.MALFORMED);
    assertRefused(encrypted(new byte[0]), Reason.MALFORMED);
  }

  @Test
  void a_signed_inside_with_other_parts_is_refused() {
    byte[] jws = reSigned(innerHeader(), author);
    String text = new String(jws, StandardCharsets.ISO_8859_1);
    String signature = text.substring(text.lastIndexOf('.') + 1);
    for (String other :
        new String[] {
          text + ".",
          text + ".AAAA",
          text.substring(0, text.lastIndexOf('.')),
          text.substring(0, text.lastIndexOf('.') + 1),
          text.replace(signature, signature + "=="),
          text.replace(signature, signature + "AA"),
          text.substring(0, text.length() - 1) + (char) (text.charAt(text.length() - 1) + 1),
          "." + text,
          "..",
          ""
        }) {
      assertRefused(encrypted(padded(CompactJws.ascii(other))), Reason.MALFORMED);
    }
    byte[] emptyPayload = CompactJws.ascii(text.replaceFirst("\\.[^.]*\\.", ".."));
    assertRefused(encrypted(padded(emptyPayload)), Reason.BAD_SIGNATURE);
  }

  @Test
  void the_same_bytes_open_again_with_the_same_answer() throws Exception {
    // Replays by the author itself are recognised by the ledger, from what is inside.
    assertThat(open(envelope, recipient)).isEqualTo(open(envelope, recipient));
  }
}
