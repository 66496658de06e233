package org.interseal.bank.founding;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whoever changes what is in a bank's founding directory holds this from before reading anything
 * there until the change is complete. The operating system gives back what a dead process held.
 */
public final class FoundingLock implements AutoCloseable {
  /** How long a command waits for the one before it. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  static final String FILE = "founding.lock";
  static final String HOLDER_FILE = "founding.holder";
  private static final long PAUSE_MILLIS = 100;

  private final FileChannel file;

  private FoundingLock(FileChannel file) {
    this.file = file;
  }

  /**
   * @param directory where the founding vault is
   * @param holder words for others on who has it
   * @throws IOException naming the holder, when it is still held after {@code patience}
   */
  public static FoundingLock take(Path directory, String holder, Duration patience)
      throws IOException {
    FileChannel file =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      await(file, directory, patience);
      Files.writeString(
          directory.resolve(HOLDER_FILE),
          holder + ", process " + ProcessHandle.current().pid() + "\n");
      return new FoundingLock(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void await(FileChannel file, Path directory, Duration patience)
      throws IOException {
    long deadlineNanos = System.nanoTime() + patience.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (tryLock(file) == null) {
      try {
        if (System.nanoTime() - deadlineNanos >= 0
            || never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new IOException(
              "somebody else works at " + directory + ": " + holder(directory) + "; try again");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for " + directory, e);
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String holder(Path directory) {
    try {
      return Files.readString(directory.resolve(HOLDER_FILE), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "who, is not written yet";
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
