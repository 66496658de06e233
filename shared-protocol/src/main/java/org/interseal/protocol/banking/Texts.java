package org.interseal.protocol.banking;

import org.jspecify.annotations.Nullable;

/**
 * Checks of free text: length in characters, no control characters, no halves of surrogate pairs.
 */
public final class Texts {
  private Texts() {}

  public static void require(String field, String text, int min, int max) {
    if (text.length() < min || text.length() > max) {
      throw new IllegalArgumentException(field + " needs " + min + " to " + max + " characters");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(field + " has control characters");
    }
    // Half a pair is no character: it has no UTF-8 spelling, so that such a text could be read but
    // never written.
    if (text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw new IllegalArgumentException(field + " is not well-formed text");
    }
  }

  public static void requireOptional(String field, @Nullable String text, int max) {
    if (text != null) {
      require(field, text, 1, max);
    }
  }
}
