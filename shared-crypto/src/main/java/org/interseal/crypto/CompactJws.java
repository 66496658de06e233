package org.interseal.crypto;

import java.nio.charset.StandardCharsets;

/**
 * The compact serialisation of a JWS (RFC 7515 section 7.1), strictly: three parts of canonical
 * base64url, none empty but the payload.
 *
 * @param header the protected header, JSON
 * @param payload the content
 * @param signature 64 bytes
 * @param ascii the array that the signing input is the head of
 * @param signingInputLength how much of it was signed
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier inside this package, never compared
record CompactJws(
    byte[] header, byte[] payload, byte[] signature, byte[] ascii, int signingInputLength) {
  private static final int SIGNATURE_LENGTH =
      StrictBase64Url.encodedLength(SignatureAlgorithm.SIGNATURE_BYTES);

  /** How many characters signing will give. */
  static int length(int headerBytes, int payloadBytes) {
    return StrictBase64Url.encodedLength(headerBytes)
        + 1
        + StrictBase64Url.encodedLength(payloadBytes)
        + 1
        + SIGNATURE_LENGTH;
  }

  /** Signs into the beginning of {@code target}; the rest of it stays as it is. */
  static void signInto(byte[] target, byte[] header, byte[] payload, SigningKey key) {
    byte[] headerPart = StrictBase64Url.encode(header);
    byte[] payloadPart = StrictBase64Url.encode(payload);
    System.arraycopy(headerPart, 0, target, 0, headerPart.length);
    int at = headerPart.length;
    target[at++] = '.';
    System.arraycopy(payloadPart, 0, target, at, payloadPart.length);
    at += payloadPart.length;
    byte[] signature = StrictBase64Url.encode(key.sign(target, at));
    target[at++] = '.';
    System.arraycopy(signature, 0, target, at, signature.length);
  }

  /**
   * Splits {@code ascii[0, length)} without verifying anything.
   *
   * @throws IllegalArgumentException when it is not of this shape
   */
  static CompactJws parse(byte[] ascii, int length) {
    int first = indexOfDot(ascii, 0, length);
    int second = indexOfDot(ascii, first + 1, length);
    if (length - second - 1 != SIGNATURE_LENGTH) {
      throw new IllegalArgumentException("not a signature of 64 bytes");
    }
    return new CompactJws(
        StrictBase64Url.decode(ascii, 0, first),
        StrictBase64Url.decode(ascii, first + 1, second),
        StrictBase64Url.decode(ascii, second + 1, length),
        ascii,
        second);
  }

  boolean verifies(VerificationKey key) {
    return key.verifies(ascii, signingInputLength, signature);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static int indexOfDot(byte[] ascii, int from, int to) {
    for (int i = from; i < to; i++) {
      if (ascii[i] == '.') {
        return i;
      }
    }
    throw new IllegalArgumentException("not three parts");
  }
}
