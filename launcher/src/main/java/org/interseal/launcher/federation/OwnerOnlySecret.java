package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.interseal.crypto.Bytes;

/**
 * Passphrases and passwords of a local federation: random, one per file, readable by the owner
 * only.
 */
public final class OwnerOnlySecret {
  private static final int RANDOM_BYTES = 32;

  private OwnerOnlySecret() {}

  /** Makes the file with a fresh secret when it is absent; returns the path. */
  public static Path ensure(Path file, SecureRandom random) throws IOException {
    if (Files.exists(file)) {
      return file;
    }
    renew(file, random);
    return file;
  }

  /** Puts a fresh secret into the file, in place of what was there. */
  public static void renew(Path file, SecureRandom random) throws IOException {
    byte[] secret = new byte[RANDOM_BYTES];
    random.nextBytes(secret);
    replace(file, Bytes.of(secret).toBase64Url().getBytes(StandardCharsets.US_ASCII));
  }

  /** Puts this content into the file, readable by the owner only. Whole or not at all. */
  public static void replace(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  public static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.US_ASCII).strip();
  }
}
