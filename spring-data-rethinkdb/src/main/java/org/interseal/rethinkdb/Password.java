package org.interseal.rethinkdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A password that is not printed by accident. */
public final class Password {
  /** The server refuses a first message of 2,048 bytes; no password needs as many. */
  private static final int MAX_LENGTH = 1_024;

  private static final Password EMPTY = new Password("");

  private final String characters;

  private Password(String characters) {
    if (characters.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("password of more than " + MAX_LENGTH + " characters");
    }
    this.characters = characters;
  }

  public static Password of(String characters) {
    return new Password(characters);
  }

  /** What a fresh server's {@code admin} has. */
  public static Password empty() {
    return EMPTY;
  }

  /** The first line of a file. */
  public static Password fromFile(Path file) {
    try (var lines = Files.lines(file)) {
      return new Password(lines.findFirst().orElse(""));
    } catch (IOException e) {
      throw new IllegalArgumentException("the password file " + file + " cannot be read", e);
    }
  }

  /** The secret itself, for whoever proves knowledge of it. */
  char[] reveal() {
    return characters.toCharArray();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Password that
        && MessageDigest.isEqual(
            characters.getBytes(StandardCharsets.UTF_8),
            that.characters.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return Password.class.hashCode();
  }

  @Override
  public String toString() {
    return "Password[redacted]";
  }
}
