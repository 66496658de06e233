package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class TagKeyTest {
  private static final Bytes ZERO_TO_FIFTEEN = Bytes.hex("000102030405060708090a0b0c0d0e0f");

  private final SecureRandom random = new SecureRandom();

  /** From the reference implementation's vectors for an output of 128 bits. */
  @Test
  void isSipHash24WithAnOutputOf128Bits() throws Exception {
    TagKey key = TagKey.ofSecret(ZERO_TO_FIFTEEN.toArray());
    assertThat(key.tag(Bytes.of(new byte[0])).toHex())
        .isEqualTo("a3817f04ba25a8e66df67214c7550293");
    assertThat(key.tag(Bytes.hex("00")).toHex()).isEqualTo("da87c1d86b99af44347659119b22fc45");
  }

  @Test
  void knowsItsTagsAndNoOthers() {
    TagKey key = TagKey.generate(random);
    Bytes text = Bytes.utf8("a row");
    assertThat(key.tagged(text, key.tag(text))).isTrue();
    assertThat(key.tagged(Bytes.utf8("another"), key.tag(text))).isFalse();
    assertThat(TagKey.generate(random).tagged(text, key.tag(text))).isFalse();
    assertThat(key.tagged(text, key.tag(text).prefix(15))).isFalse();
  }

  @Test
  void isWrappedToOneKeyForOneUse() throws Exception {
    TagKey key = TagKey.generate(random);
    DecryptionKey reader = DecryptionKey.generate(random);
    Bytes use = Bytes.utf8("writer to reader");
    Bytes wrapped = KeyWrap.wrap(key, reader.encryptionKey(), use, random);

    assertThat(KeyWrap.unwrapTagKey(wrapped, reader, use)).isEqualTo(key);
    assertThatExceptionOfType(CryptoFailure.class)
        .isThrownBy(() -> KeyWrap.unwrapTagKey(wrapped, reader, Bytes.utf8("another use")));
    assertThatExceptionOfType(CryptoFailure.class)
        .isThrownBy(() -> KeyWrap.unwrapSecretKey(wrapped, reader, use));
    assertThat(key).hasToString("TagKey[secret]");
  }
}
