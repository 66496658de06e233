package org.interseal.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.service.ConfigurationRefused;

/**
 * The authority's memory and audit log: one JSON line per event, each with the hash of the line
 * before it, only ever appended to.
 *
 * <p>What {@link #append} returned from is on disk. A line that a crash cut off is dropped at the
 * next start; any other damage ends the start. One process at a time. Thread-safe.
 */
final class Journal implements AutoCloseable {
  private static final Bytes BEGINNING = Bytes.of(new byte[32]);
  private static final long MAX_FILE_BYTES = 512L * 1024 * 1024;

  /**
   * A line.
   *
   * @param v format version, 1
   * @param sequence from 1
   * @param previous SHA-256 of the line before, zeros before the first
   * @param timeMillis UTC
   * @param actor {@code officer:<name>}, or {@code applicant}
   */
  record Line(
      int v, long sequence, Bytes previous, long timeMillis, String actor, JournalEvent event) {
    static final int VERSION = 1;
  }

  private final FileChannel channel;
  private final FileLock lock;
  private final List<Line> lines = new ArrayList<>();
  private Bytes last = BEGINNING;
  private boolean broken;

  private Journal(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** Opens and reads the file, or makes it. */
  static Journal open(Path file) {
    try {
      Path absolute = file.toAbsolutePath();
      Files.createDirectories(java.util.Objects.requireNonNull(absolute.getParent()));
      FileChannel channel =
          FileChannel.open(
              absolute,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      try {
        Journal journal = new Journal(channel, lock(channel, file));
        journal.read(file);
        return journal;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ConfigurationRefused(
          "the journal " + file + " cannot be opened: " + e.getMessage(),
          "Check interseal.authority.journal.");
    }
  }

  private static FileLock lock(FileChannel channel, Path file) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // held in this process: the same answer
    }
    throw new ConfigurationRefused(
        "the journal " + file + " is in use", "Stop the other process of this authority.");
  }

  private void read(Path file) throws IOException {
    if (channel.size() > MAX_FILE_BYTES) {
      throw damaged(file, lines.size());
    }
    ByteBuffer content = ByteBuffer.allocate((int) channel.size());
    while (content.hasRemaining() && channel.read(content, content.position()) >= 0) {}
    byte[] bytes = content.array();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        take(new String(bytes, start, i - start, StandardCharsets.UTF_8), file);
        start = i + 1;
      }
    }
    if (start < bytes.length) {
      channel.truncate(start);
      channel.force(true);
    }
    channel.position(start);
  }

  private void take(String text, Path file) {
    Line line;
    try {
      line = ProtocolJson.decode(text, Line.class);
    } catch (MalformedMessage e) {
      throw damaged(file, lines.size());
    }
    if (line.v() != Line.VERSION
        || line.sequence() != lines.size() + 1
        || !line.previous().equals(last)) {
      throw damaged(file, lines.size());
    }
    lines.add(line);
    last = hash(text);
  }

  private static ConfigurationRefused damaged(Path file, int goodLines) {
    return new ConfigurationRefused(
        "the journal " + file + " is damaged, or of another version, after line " + goodLines,
        "Restore it from a backup.");
  }

  private static Bytes hash(String line) {
    return Bytes.sha256(Bytes.utf8(line));
  }

  /** Records an event. After a failure nothing more can be recorded until the next start. */
  synchronized void append(Instant at, String actor, JournalEvent event) throws IOException {
    if (broken) {
      throw new IOException("an earlier write failed");
    }
    Line line = new Line(Line.VERSION, lines.size() + 1L, last, at.toEpochMilli(), actor, event);
    String text = ProtocolJson.encodeText(line);
    ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
    long start = channel.position();
    broken = true;
    try {
      while (bytes.hasRemaining()) {
        var _ = channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      // Best effort, so that what was refused now does not turn up as decided at the next start.
      channel.truncate(start);
      throw e;
    }
    broken = false;
    lines.add(line);
    last = hash(text);
  }

  /** Whether events can be recorded. */
  synchronized boolean writable() {
    return !broken && channel.isOpen();
  }

  synchronized List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Lines after a sequence number, in order. */
  synchronized List<Line> after(long sequence, int maxLines) {
    int from = (int) Math.max(0, Math.min(sequence, lines.size()));
    return List.copyOf(lines.subList(from, Math.min(lines.size(), from + maxLines)));
  }

  @Override
  public synchronized void close() throws IOException {
    if (channel.isOpen()) {
      lock.release();
      channel.close();
    }
  }
}
