package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.interseal.crypto.CryptoFailure.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignedStatementTest {
  private static final String TYPE = "interseal-bank-record";

  private final SigningKey key =
      SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("k"));
  private final Bytes payload = Bytes.utf8("{\"bank\":\"BKABXX00\"}");

  @ParameterizedTest
  @EnumSource(SignatureAlgorithm.class)
  void a_statement_says_what_was_signed_and_by_which_key(SignatureAlgorithm algorithm)
      throws Exception {
    SigningKey author = SigningKey.generate(algorithm, Fixture.random("k"));
    String statement = SignedStatement.sign(TYPE, payload, author);
    assertThat(SignedStatement.claimedKey(statement)).isEqualTo(author.verificationKey().id());
    assertThat(SignedStatement.verify(statement, TYPE, author.verificationKey()))
        .isEqualTo(payload);
  }

  @Test
  void a_statement_is_no_statement_of_another_type_or_author() {
    String statement = SignedStatement.sign(TYPE, payload, key);
    VerificationKey other =
        SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("other")).verificationKey();
    assertRefused(statement, "interseal-revocation", key.verificationKey(), Reason.MALFORMED);
    assertRefused(statement, TYPE, other, Reason.UNKNOWN_AUTHOR);
  }

  @Test
  void no_changed_bit_or_missing_character_goes_unnoticed() {
    byte[] ascii = CompactJws.ascii(SignedStatement.sign(TYPE, payload, key));
    for (int bit = 0; bit < ascii.length * 8; bit++) {
      byte[] altered = ascii.clone();
      altered[bit / 8] ^= (byte) (1 << (bit % 8));
      assertRefused(new String(altered, StandardCharsets.ISO_8859_1), TYPE, key.verificationKey());
    }
    for (int length = 0; length < ascii.length; length++) {
      assertRefused(
          new String(ascii, 0, length, StandardCharsets.ISO_8859_1), TYPE, key.verificationKey());
    }
  }

  @Test
  void the_key_decides_the_algorithm() {
    byte[] body = payload.toArray();
    for (String alg : new String[] {"none", "ES256", "HS256"}) {
      byte[] header =
          CompactJws.ascii(
              "{\"alg\":\""
                  + alg
                  + "\",\"kid\":\""
                  + key.verificationKey().id()
                  + "\",\"typ\":\""
                  + TYPE
                  + "\",\"v\":1}");
      byte[] forged = new byte[CompactJws.length(header.length, body.length)];
      CompactJws.signInto(forged, header, body, key);
      assertRefused(
          new String(forged, StandardCharsets.ISO_8859_1),
          TYPE,
          key.verificationKey(),
          Reason.BAD_SIGNATURE);
    }
  }

  @Test
  void a_letter_is_no_statement_nor_can_one_be_signed_that_looks_like_a_letter() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SignedStatement.sign("interseal-letter", payload, key));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SignedStatement.sign("a\"b", payload, key));
    byte[] padded = LetterCodec.encode(Fixture.letter(), key);
    String jws = new String(padded, StandardCharsets.ISO_8859_1);
    assertRefused(
        jws.substring(0, jws.indexOf(0x80)), TYPE, key.verificationKey(), Reason.MALFORMED);
  }

  @Test
  void size_is_bounded() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SignedStatement.sign(TYPE, Bytes.of(new byte[SignedStatement.MAX_LENGTH]), key));
    assertRefused(
        "A".repeat(SignedStatement.MAX_LENGTH + 1), TYPE, key.verificationKey(), Reason.TOO_LARGE);
  }

  private static void assertRefused(
      String statement, String type, VerificationKey key, Reason... reasons) {
    CryptoFailure failure =
        catchThrowableOfType(
            CryptoFailure.class, () -> SignedStatement.verify(statement, type, key));
    assertThat(failure).isNotNull();
    assertThat(failure).hasMessage("refused");
    if (reasons.length > 0) {
      assertThat(failure.reason()).isIn((Object[]) reasons);
    }
  }
}
