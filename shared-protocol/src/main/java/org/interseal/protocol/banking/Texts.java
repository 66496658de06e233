package org.interseal.protocol.banking;

import org.jspecify.annotations.Nullable;

/** Checks of free text: length in characters, no control characters. */
public final class Texts {
  private Texts() {}

  public static void require(String field, String text, int min, int max) {
    if (text.length() < min || text.length() > max) {
      throw new IllegalArgumentException(field + " needs " + min + " to " + max + " characters");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(field + " has control characters");
    }
  }

  public static void requireOptional(String field, @Nullable String text, int max) {
    if (text != null) {
      require(field, text, 1, max);
    }
  }
}
