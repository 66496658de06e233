package org.interseal.store;

/** Bounds that every adapter shares. RethinkDB's primary key limit is 127 bytes. */
public final class StoreLimits {
  public static final int MAX_ID_LENGTH = 127;
  public static final int MAX_STREAM_LENGTH = 96;

  /** Longest row body, in characters. */
  public static final int MAX_BODY_LENGTH = 4 * 1024 * 1024;

  /** Most rows in one insert or one page. */
  public static final int MAX_ROWS = 1_000;

  /** Most references in one page. */
  public static final int MAX_REFERENCES = 10_000;

  /**
   * A page of rows ends after the row whose body takes it past this many characters, so that a
   * thousand large rows never stand in memory at once.
   */
  public static final int MAX_PAGE_LENGTH = 16 * 1024 * 1024;

  private StoreLimits() {}

  /** For adapters: an {@link IllegalArgumentException} unless {@code 1 <= rows <= max}. */
  public static void requireCount(int rows, int max) {
    if (rows < 1 || rows > max) {
      throw new IllegalArgumentException(
          rows + " rows asked for or given; 1 to " + max + " are allowed");
    }
  }

  /**
   * For adapters: an {@link IllegalArgumentException} unless this can be a row of a mutable table.
   */
  public static void requireMutableRow(String id, String body) {
    requireName(id, MAX_ID_LENGTH);
    requireBody(body);
  }

  /**
   * Half a surrogate pair has no UTF-8 spelling: a store would keep something else in its place.
   */
  static void requireBody(String body) {
    if (body.length() > MAX_BODY_LENGTH) {
      throw new IllegalArgumentException("row body of " + body.length() + " characters");
    }
    for (int i = 0; i < body.length(); i++) {
      if (Character.isSurrogate(body.charAt(i))) {
        if (i + 1 == body.length()
            || !Character.isSurrogatePair(body.charAt(i), body.charAt(i + 1))) {
          throw new IllegalArgumentException("row body with half a surrogate pair");
        }
        i++;
      }
    }
  }

  static void requireName(String name, int maxLength) {
    if (name.isEmpty() || name.length() > maxLength) {
      throw new IllegalArgumentException("name of " + name.length() + " characters");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean ok =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '.'
              || c == ':'
              || c == '-';
      if (!ok) {
        throw new IllegalArgumentException("name with a character out of [A-Za-z0-9_.:-]");
      }
    }
  }
}
