package org.interseal.bank.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.jspecify.annotations.Nullable;

/**
 * The highest block of one chain that this server saw, in one small file on its own disk, so that a
 * store which was restored from an old backup cannot make it fork the bank silently.
 *
 * <p>The file is a ring of {@value #SLOTS} lines of {@value #SLOT_BYTES} bytes that are overwritten
 * in turn, each with a running number and a check value; the valid line of the highest number
 * counts. So one block costs one small {@code fdatasync} without a change of the file's length, and
 * a line torn by a crash costs only itself: its block was not acted on. Thread-safe; one process at
 * a time holds the file.
 */
public final class RememberedHeads implements ChainMemory, AutoCloseable {
  static final int SLOT_BYTES = 160;
  static final int SLOTS = 64;

  private static final Pattern LINE =
      Pattern.compile(
          "interseal-head 1 (\\S+) p([0-9]{2}) ([0-9]{16}) ([0-9]{12}) ([0-9a-f]{64}) ([0-9a-f]{16}) *\n");

  private final ChainIdentity chain;
  private final Path file;
  private final FileChannel channel;
  private long number;
  private @Nullable Head head;

  private RememberedHeads(ChainIdentity chain, Path file, FileChannel channel) {
    this.chain = chain;
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens {@code <directory>/<bank>.p<partition>.head}, or makes it: then nothing is remembered.
   *
   * @throws UncheckedIOException when it cannot be read, is held by another process, or is damaged.
   *     A damaged one is not a missing one: whoever removes it accepts what the store shows
   */
  public static RememberedHeads open(Path directory, ChainIdentity chain) {
    Path file =
        directory.resolve(chain.bank() + "." + ChainPlace.stream(chain.partition()) + ".head");
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        lock(channel, file);
        RememberedHeads heads = new RememberedHeads(chain, file, channel);
        heads.load();
        return heads;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void lock(FileChannel channel, Path file) throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException("in use by this process: " + file, e);
    }
    throw new IOException("in use by another process: " + file);
  }

  private synchronized void load() throws IOException {
    long size = channel.size();
    if (size == 0) {
      channel.write(
          ByteBuffer.wrap(" ".repeat(SLOTS * SLOT_BYTES).getBytes(StandardCharsets.US_ASCII)), 0);
      channel.force(true);
      forceDirectory();
      return;
    }
    ByteBuffer all = ByteBuffer.allocate(SLOTS * SLOT_BYTES);
    while (all.hasRemaining() && channel.read(all, all.position()) > 0) {
      // until it is full or the file ends
    }
    String text = new String(all.array(), StandardCharsets.US_ASCII);
    for (int slot = 0; slot < SLOTS; slot++) {
      adopt(text.substring(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES));
    }
    if (head == null && !text.isBlank()) {
      throw new IOException(
          "damaged: " + file + "; it remembers the bank's newest block, see the operating guide");
    }
  }

  private void adopt(String slot) throws IOException {
    Matcher line = LINE.matcher(slot);
    if (!line.matches()) {
      return;
    }
    long lineNumber = Long.parseLong(line.group(3));
    Head lineHead = headOf(line);
    if (lineHead == null || !line(lineNumber, lineHead).equals(slot)) {
      return;
    }
    if (lineNumber > number) {
      number = lineNumber;
      head = lineHead;
    }
  }

  private @Nullable Head headOf(Matcher line) throws IOException {
    ChainIdentity other;
    try {
      other = new ChainIdentity(new BankId(line.group(1)), Integer.parseInt(line.group(2)));
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (!other.equals(chain)) {
      throw new IOException(file + " is of chain " + other);
    }
    long height = Long.parseLong(line.group(4));
    return height < 1 ? null : new Head(height, Bytes.hex(line.group(5)));
  }

  private String line(long lineNumber, Head lineHead) {
    String content =
        String.format(
            Locale.ROOT,
            "interseal-head 1 %s %s %016d %012d %s",
            chain.bank(),
            ChainPlace.stream(chain.partition()),
            lineNumber,
            lineHead.height(),
            lineHead.hash().toHex());
    String check =
        Bytes.sha256OfFields("interseal head line v1", Bytes.utf8(content)).prefix(8).toHex();
    String line = content + " " + check;
    return line + " ".repeat(SLOT_BYTES - 1 - line.length()) + "\n";
  }

  @Override
  public synchronized Optional<Head> remembered() {
    return Optional.ofNullable(head);
  }

  @Override
  public synchronized void saw(Head seen) {
    if (head == null || seen.height() > head.height()) {
      write(seen);
    }
  }

  /**
   * An operator's decision: what the store shows at this height is the end of the chain, whatever
   * was seen before. Blocks that were lost with the old store, and what was told to others about
   * them, stay lost.
   */
  public synchronized void accept(long height, Bytes hash) {
    write(new Head(height, hash));
  }

  private void write(Head next) {
    try {
      long nextNumber = number + 1;
      ByteBuffer line = ByteBuffer.wrap(line(nextNumber, next).getBytes(StandardCharsets.US_ASCII));
      long at = (nextNumber % SLOTS) * SLOT_BYTES;
      while (line.hasRemaining()) {
        at += channel.write(line, at);
      }
      channel.force(false);
      number = nextNumber;
      head = next;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void forceDirectory() throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
        entry.force(true);
      }
    }
  }

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
