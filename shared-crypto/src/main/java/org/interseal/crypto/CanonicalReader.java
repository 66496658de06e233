package org.interseal.crypto;

import java.nio.charset.StandardCharsets;

/**
 * Reads a JSON object that has exactly one spelling: given members in a given order, no white
 * space, no escapes, no leading zeros. Unknown and duplicate members, reordering and other
 * spellings of the same value therefore cannot get past it, and there is nothing to interpret.
 *
 * <p>Every deviation is an {@link IllegalArgumentException}.
 */
final class CanonicalReader {
  private final byte[] json;
  private int at;

  CanonicalReader(byte[] json) {
    this.json = json;
  }

  /** Steps over exactly these characters. */
  void expect(String literal) {
    int length = literal.length();
    if (json.length - at < length) {
      throw new IllegalArgumentException("ends early");
    }
    for (int i = 0; i < length; i++) {
      if (json[at + i] != literal.charAt(i)) {
        throw new IllegalArgumentException("not the member that belongs here");
      }
    }
    at += length;
  }

  /**
   * The characters up to the closing quotation mark, at most {@code maxLength} of {@code
   * [A-Za-z0-9:._-]}.
   */
  String text(int maxLength) {
    int start = at;
    while (at < json.length && isPlain(json[at])) {
      at++;
    }
    if (at - start > maxLength) {
      throw new IllegalArgumentException("too long a value");
    }
    return new String(json, start, at - start, StandardCharsets.ISO_8859_1);
  }

  /** A decimal number from 0 to {@code max} without sign or leading zero. */
  long number(long max) {
    int start = at;
    long value = 0;
    while (at < json.length && json[at] >= '0' && json[at] <= '9') {
      value = value * 10 + (json[at] - '0');
      at++;
      if (value > max) {
        throw new IllegalArgumentException("too large a number");
      }
    }
    if (at == start || (json[start] == '0' && at - start > 1)) {
      throw new IllegalArgumentException("not a canonical number");
    }
    return value;
  }

  void expectEnd() {
    if (at != json.length) {
      throw new IllegalArgumentException("goes on after its end");
    }
  }

  private static boolean isPlain(byte c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == ':'
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
