package org.interseal.service;

import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file that holds a secret. It is read only when nobody but its owner can read or write it; file
 * systems without POSIX permissions are trusted to their administrators.
 */
public final class SecretFile {
  /** Longest secret, in bytes. */
  public static final int MAX_LENGTH_BYTES = 4_096;

  private static final Set<PosixFilePermission> FOREIGN =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private SecretFile() {}

  /**
   * The first line of the file, without its line end.
   *
   * @param property the property that names the file, for the error
   * @throws ConfigurationRefused when the file is missing, empty, too long or open to others
   */
  public static char[] read(String property, Path file) {
    requireOwnerOnly(property, file);
    byte[] content;
    try {
      if (Files.size(file) > MAX_LENGTH_BYTES) {
        throw new ConfigurationRefused(
            property + ": " + file + " is too long for a secret", "Check the path.");
      }
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ConfigurationRefused(
          property + ": cannot read " + file, "Let the user of this process own the file.");
    }
    CharBuffer text = StandardCharsets.UTF_8.decode(java.nio.ByteBuffer.wrap(content));
    int length = 0;
    while (length < text.length() && text.charAt(length) != '\n' && text.charAt(length) != '\r') {
      length++;
    }
    char[] secret = new char[length];
    text.get(secret, 0, length);
    Arrays.fill(content, (byte) 0);
    Arrays.fill(text.array(), '\0');
    if (secret.length == 0) {
      throw new ConfigurationRefused(
          property + ": " + file + " is empty", "Put the secret on its first line.");
    }
    return secret;
  }

  /**
   * Checks that the file is there and closed to others.
   *
   * @throws ConfigurationRefused when it is not
   */
  public static void requireOwnerOnly(String property, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigurationRefused(
          property + ": there is no file " + file, "Make it, or correct the path.");
    }
    PosixFileAttributeView posix =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, new LinkOption[0]);
    if (posix == null) {
      return;
    }
    try {
      for (PosixFilePermission permission : posix.readAttributes().permissions()) {
        if (FOREIGN.contains(permission)) {
          throw new ConfigurationRefused(
              property + ": others than its owner can read or write " + file, "chmod 600 " + file);
        }
      }
    } catch (IOException e) {
      throw new ConfigurationRefused(
          property + ": cannot read the permissions of " + file,
          "Let the user of this process own the file.");
    }
  }
}
