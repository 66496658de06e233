package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.security.Security;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeysTest {
  static Stream<Arguments> pairs() {
    return Suites.pairs();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void what_one_suite_signs_the_other_verifies(CryptoSuite signing, CryptoSuite verifying)
      throws Exception {
    for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
      SigningKey key = SigningKey.generate(algorithm, Fixture.random("k"), signing);
      Bytes content = Bytes.utf8("content");
      Bytes signature = key.sign(content);
      VerificationKey read = VerificationKey.fromSpki(key.verificationKey().spki(), verifying);
      assertThat(signature.size()).isEqualTo(64);
      assertThat(read.algorithm()).isEqualTo(algorithm);
      assertThat(read.verifies(content, signature)).isTrue();
      assertThat(read.verifies(Bytes.utf8("Content"), signature)).isFalse();
      assertThat(read.verifies(content, signature.prefix(63))).isFalse();
      assertThat(read.verifies(content, Bytes.of(new byte[64]))).isFalse();
      assertThat(read.verifies(content, Bytes.of(new byte[0]))).isFalse();
      SigningKey other = SigningKey.generate(algorithm, Fixture.random("other"), verifying);
      assertThat(other.verificationKey().verifies(content, signature)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void what_one_suite_encrypts_the_other_decrypts(CryptoSuite encrypting, CryptoSuite decrypting)
      throws Exception {
    SecretKey256 key = SecretKey256.generate(Fixture.random("k"), encrypting);
    SecretKey256 same = SecretKey256.ofSecret(key.secret(), decrypting);
    Bytes context = Bytes.utf8("block 7");
    Bytes plaintext = Bytes.utf8("entries");

    Bytes sealed = key.encrypt(plaintext, context, Fixture.random("nonce"));
    assertThat(sealed.size()).isEqualTo(12 + plaintext.size() + 16);
    assertThat(same.decrypt(sealed, context)).isEqualTo(plaintext);
    assertRefused(() -> same.decrypt(sealed, Bytes.utf8("block 8")));
    for (int i = 0; i < sealed.size(); i++) {
      byte[] altered = sealed.toArray();
      altered[i] ^= 1;
      assertRefused(() -> same.decrypt(Bytes.of(altered), context));
      Bytes cut = sealed.prefix(i);
      assertRefused(() -> same.decrypt(cut, context));
    }

    SecretKey256 data = SecretKey256.generate(Fixture.random("data"), encrypting);
    Bytes wrapped = data.wrapUnder(key, context, Fixture.random("nonce"));
    assertThat(wrapped.size()).isEqualTo(60);
    assertThat(SecretKey256.unwrap(wrapped, same, context)).isEqualTo(data);
    assertRefused(() -> SecretKey256.unwrap(wrapped, same, Bytes.utf8("other")));
    // A wrapped key is not data, nor data of 32 bytes a key.
    assertRefused(() -> same.decrypt(wrapped, context));
    Bytes lookalike = key.encrypt(Bytes.of(new byte[32]), context, Fixture.random("nonce"));
    assertRefused(() -> SecretKey256.unwrap(lookalike, same, context));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void what_one_suite_wraps_the_other_unwraps(CryptoSuite wrapping, CryptoSuite unwrapping)
      throws Exception {
    DecryptionKey node = DecryptionKey.generate(Fixture.random("node"), unwrapping);
    EncryptionKey to = EncryptionKey.fromSpki(node.encryptionKey().spki(), wrapping);
    DecryptionKey bank = DecryptionKey.generate(Fixture.random("bank"));
    SecretKey256 period = SecretKey256.generate(Fixture.random("period"));
    Bytes context = Bytes.utf8("epoch 3");

    Bytes wrappedBank = KeyWrap.wrap(bank, to, context, Fixture.random("wrap"));
    assertThat(KeyWrap.unwrapDecryptionKey(wrappedBank, node, context)).isEqualTo(bank);
    Bytes wrappedPeriod = KeyWrap.wrap(period, to, context, Fixture.random("wrap"));
    assertThat(KeyWrap.unwrapSecretKey(wrappedPeriod, node, context)).isEqualTo(period);
    Bytes sealed = KeyWrap.seal(Bytes.utf8("challenge"), to, context, Fixture.random("wrap"));
    assertThat(KeyWrap.open(sealed, node, context)).isEqualTo(Bytes.utf8("challenge"));

    assertRefused(() -> KeyWrap.unwrapSecretKey(wrappedBank, node, context));
    assertRefused(() -> KeyWrap.unwrapDecryptionKey(wrappedPeriod, node, context));
    assertRefused(() -> KeyWrap.open(wrappedBank, node, context));
    assertRefused(() -> KeyWrap.unwrapDecryptionKey(wrappedBank, node, Bytes.utf8("epoch 4")));
    assertRefused(() -> KeyWrap.unwrapDecryptionKey(wrappedBank, bank, context));
    assertRefused(() -> KeyWrap.open(sealed.prefix(1120), node, context));
    assertRefused(() -> KeyWrap.open(sealed.prefix(1130), node, context));
    assertRefused(() -> KeyWrap.open(Bytes.utf8(""), node, context));
  }

  private interface Attempt {
    Object run() throws CryptoFailure;
  }

  private static void assertRefused(Attempt attempt) {
    assertThatExceptionOfType(CryptoFailure.class).isThrownBy(attempt::run).withMessage("refused");
  }

  @ParameterizedTest
  @EnumSource(SignatureAlgorithm.class)
  void secrets_are_never_printed(SignatureAlgorithm algorithm) {
    SigningKey signing = SigningKey.generate(algorithm, Fixture.random("k"));
    DecryptionKey decryption = DecryptionKey.generate(Fixture.random("k"));
    SecretKey256 secret = SecretKey256.generate(Fixture.random("k"));
    assertThat(signing.toString())
        .doesNotContain(HexFormat.of().formatHex(signing.secret()))
        .contains("private half");
    assertThat(decryption.toString())
        .isEqualTo("private half of X-Wing key " + decryption.encryptionKey().id());
    assertThat(secret.toString()).isEqualTo("SecretKey256[redacted]");
    for (Object key : List.of(signing, decryption, secret)) {
      assertThat(key.getClass().getMethods())
          .noneMatch(method -> method.getReturnType() == byte[].class)
          .noneMatch(method -> method.getName().equals("secret"));
    }
  }

  @Test
  void keys_are_equal_by_what_they_are() {
    assertThat(DecryptionKey.generate(Fixture.random("a")))
        .isEqualTo(DecryptionKey.generate(Fixture.random("a")));
    assertThat(DecryptionKey.generate(Fixture.random("a")))
        .isNotEqualTo(DecryptionKey.generate(Fixture.random("b")));
    assertThat(SecretKey256.generate(Fixture.random("a")))
        .isEqualTo(SecretKey256.generate(Fixture.random("a")));
    assertThat(SecretKey256.generate(Fixture.random("a")))
        .isNotEqualTo(SecretKey256.generate(Fixture.random("b")));
    SigningKey key = SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("a"));
    assertThat(key).isEqualTo(SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("a")));
    assertThat(key)
        .isNotEqualTo(SigningKey.generate(SignatureAlgorithm.ES256, Fixture.random("a")));
    assertThat(key.verificationKey())
        .isEqualTo(
            SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("a")).verificationKey())
        .hasSameHashCodeAs(
            SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("a")).verificationKey());
  }

  @Test
  void public_keys_have_one_spelling_and_are_checked() {
    Bytes ed25519 =
        SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("k"))
            .verificationKey()
            .spki();
    Bytes p256 =
        SigningKey.generate(SignatureAlgorithm.ES256, Fixture.random("k")).verificationKey().spki();
    Bytes xWing = DecryptionKey.generate(Fixture.random("k")).encryptionKey().spki();
    assertNoKey(xWing);
    assertNoKey(Bytes.of(new byte[0]));
    assertNoKey(Bytes.hex(ed25519.toHex() + "00"));
    assertNoKey(ed25519.prefix(43));
    assertNoKey(
        Bytes.hex("302a300506032b6570032100" + "01" + "00".repeat(31))); // the neutral element
    assertNoKey(Bytes.hex("302a300506032b6570032100" + "00".repeat(32))); // of order four
    assertNoKey(Bytes.hex("302a300506032b6570032100" + "ff".repeat(32))); // not reduced
    byte[] offCurve = p256.toArray();
    offCurve[offCurve.length - 1] ^= 1;
    assertNoKey(Bytes.of(offCurve));
    byte[] compressed = p256.toArray();
    compressed[26] = 2;
    assertNoKey(Bytes.of(compressed));

    assertThatExceptionOfType(InvalidKeyMaterial.class)
        .isThrownBy(() -> EncryptionKey.fromSpki(ed25519));
    assertThatExceptionOfType(InvalidKeyMaterial.class)
        .isThrownBy(() -> EncryptionKey.fromSpki(xWing.prefix(xWing.size() - 1)));
    byte[] unreduced = xWing.toArray();
    unreduced[24] = (byte) 0xFF;
    unreduced[25] = (byte) 0xFF;
    assertThatExceptionOfType(InvalidKeyMaterial.class)
        .isThrownBy(() -> EncryptionKey.fromSpki(Bytes.of(unreduced)));
  }

  private static void assertNoKey(Bytes spki) {
    assertThatExceptionOfType(InvalidKeyMaterial.class)
        .isThrownBy(() -> VerificationKey.fromSpki(spki));
  }

  @Test
  void private_keys_out_of_range_are_refused() {
    CryptoSuite suite = CryptoSuites.preferred();
    for (byte[] scalar :
        List.of(
            new byte[32],
            new byte[31],
            HexFormat.of()
                .parseHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"))) {
      assertThatExceptionOfType(InvalidKeyMaterial.class)
          .isThrownBy(() -> SigningKey.ofSecret(SignatureAlgorithm.ES256, scalar, suite));
    }
    assertThatExceptionOfType(InvalidKeyMaterial.class)
        .isThrownBy(() -> SigningKey.ofSecret(SignatureAlgorithm.ED25519, new byte[33], suite));
    assertThatExceptionOfType(InvalidKeyMaterial.class)
        .isThrownBy(() -> DecryptionKey.ofSeed(new byte[31], suite));
  }

  @Test
  void the_fast_suite_is_the_one_that_is_used() {
    assertThat(CryptoSuites.preferred().name()).isEqualTo(Suites.fast().name());
    assertThat(Security.getProvider("Conscrypt")).isNull();
    assertThat(Security.getProvider("BC")).isNull();
  }

  @Test
  void the_fallback_can_be_forced() {
    assertThat(CryptoSuites.choose("bouncycastle")).isSameAs(CryptoSuites.bouncyCastle());
    assertThat(CryptoSuites.choose(null).name()).isEqualTo(CryptoSuites.preferred().name());
    assertThatIllegalArgumentException().isThrownBy(() -> CryptoSuites.choose("none"));
  }

  static List<CryptoSuite> suites() {
    return Suites.all();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void keys_may_be_used_by_many_threads_at_once(CryptoSuite suite) throws Exception {
    SigningKey author =
        SigningKey.generate(SignatureAlgorithm.ES256, Fixture.random("author"), suite);
    DecryptionKey recipient = DecryptionKey.generate(Fixture.random("recipient"), suite);
    SecretKey256 secret = SecretKey256.generate(Fixture.random("secret"), suite);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Letter letter = Fixture.letter(Bytes.utf8("letter " + i));
      SecureRandom random = Fixture.random("seal " + i);
      tasks.add(() -> {
        String envelope = Envelope.seal(letter, author, recipient.encryptionKey(), 0, random);
        OpenedLetter opened =
            EnvelopeTest.open(envelope, recipient, author.verificationKey(), Optional.empty());
        Bytes sealed = secret.encrypt(letter.body(), letter.messageId(), random);
        return opened.letter().equals(letter)
            && secret.decrypt(sealed, letter.messageId()).equals(letter.body());
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Boolean> done : threads.invokeAll(tasks)) {
        assertThat(done.get()).isTrue();
      }
    }
  }

  @Test
  void a_suite_of_what_happens_to_load_works_too() throws Exception {
    CryptoSuite mixed =
        new MixedSuite(Optional.empty(), CryptoSuites.conscrypt(), CryptoSuites.bouncyCastle());
    assertThat(mixed.name()).startsWith("signatures BouncyCastle, HPKE").endsWith("Conscrypt");
    what_one_suite_signs_the_other_verifies(mixed, Suites.fast());
    what_one_suite_encrypts_the_other_decrypts(mixed, Suites.fast());
    what_one_suite_wraps_the_other_unwraps(mixed, Suites.fast());
  }
}
