package org.interseal.store;

/** Bounds that every adapter shares. RethinkDB's primary key limit is 127 bytes. */
public final class StoreLimits {
  public static final int MAX_ID_LENGTH = 127;
  public static final int MAX_STREAM_LENGTH = 96;

  /** Longest row body, in characters. */
  public static final int MAX_BODY_LENGTH = 4 * 1024 * 1024;

  /** Most rows in one insert or one page. */
  public static final int MAX_ROWS = 1_000;

  private StoreLimits() {}

  static void requireName(String name, int maxLength) {
    if (name.isEmpty() || name.length() > maxLength) {
      throw new IllegalArgumentException("name of " + name.length() + " characters");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean ok =
          (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
              || c == '_' || c == '.' || c == ':' || c == '-';
      if (!ok) {
        throw new IllegalArgumentException("name with a character out of [A-Za-z0-9_.:-]");
      }
    }
  }
}
