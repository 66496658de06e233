package org.interseal.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Unpadded base64url (RFC 4648 section 5) with one spelling per value: no padding, no foreign
 * characters, no line breaks, and zero in the bits that the last character does not use.
 */
final class StrictBase64Url {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private StrictBase64Url() {}

  static int encodedLength(int byteCount) {
    return (byteCount / 3) * 4 + (byteCount % 3 == 0 ? 0 : byteCount % 3 + 1);
  }

  static byte[] encode(byte[] value) {
    return ENCODER.encode(value);
  }

  static byte[] decode(String text) {
    return decode(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
  }

  /**
   * Decodes {@code ascii[from, to)}.
   *
   * @throws IllegalArgumentException for every other spelling
   */
  static byte[] decode(byte[] ascii, int from, int to) {
    int length = to - from;
    int rest = length & 3;
    if (rest == 1) {
      throw new IllegalArgumentException("not a length of base64url");
    }
    if (length == 0) {
      return new byte[0];
    }
    byte last = ascii[to - 1];
    // The JDK's decoder takes padding and stray trailing bits; both would give a value two
    // spellings.
    if (last == '=' || (rest != 0 && (sextet(last) & (rest == 2 ? 0x0F : 0x03)) != 0)) {
      throw new IllegalArgumentException("not canonical base64url");
    }
    return DECODER.decode(Arrays.copyOfRange(ascii, from, to));
  }

  private static int sextet(byte character) {
    if (character >= 'A' && character <= 'Z') {
      return character - 'A';
    }
    if (character >= 'a' && character <= 'z') {
      return character - 'a' + 26;
    }
    if (character >= '0' && character <= '9') {
      return character - '0' + 52;
    }
    if (character == '-') {
      return 62;
    }
    if (character == '_') {
      return 63;
    }
    throw new IllegalArgumentException("not a character of base64url");
  }
}
