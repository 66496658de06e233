package org.interseal.bank.verify;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.crypto.Bytes;
import org.interseal.store.Row;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link LedgerArchive}: under its name there is a whole one or none. One without holes:
 * of every height that its header names, from the first to the last, at least the first attempt is
 * there. What stands under its name already is never replaced.
 */
public final class ArchiveWriter implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final FileChannel channel;
  private final OutputStream out;
  private final MessageDigest digest = LedgerArchive.sha256();
  private final LedgerArchive.Header header;
  private long lines;
  private @Nullable ChainPlace latest;

  private ArchiveWriter(Path file, Path part, FileChannel channel, LedgerArchive.Header header) {
    this.file = file;
    this.header = header;
    this.part = part;
    this.channel = channel;
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel));
  }

  /** Begins one. */
  public static ArchiveWriter begin(Path file, LedgerArchive.Header header) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    ArchiveWriter writer =
        new ArchiveWriter(
            file,
            part,
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE),
            header);
    writer.add(header);
    return writer;
  }

  private void add(LedgerArchive.Line line) throws IOException {
    byte[] bytes = LedgerArchive.encode(line);
    digest.update(bytes);
    out.write(bytes);
    lines++;
  }

  /** A row of {@code wrapped_keys}. */
  public void addKey(String body) throws IOException {
    add(new LedgerArchive.Key(body));
  }

  /** A row of {@code bank_keys}. */
  public void addRecord(Row row) throws IOException {
    add(new LedgerArchive.Certificate(row.stream(), row.body()));
  }

  /**
   * A row of {@code blocks}; in order of ids.
   *
   * @throws IOException when there is a hole before it
   */
  public void addBlock(Row row) throws IOException {
    ChainPlace place =
        ChainPlace.parse(row.id())
            .orElseThrow(() -> new IllegalArgumentException("no place: " + row.id()));
    if (latest == null || latest.height() != place.height()) {
      // A later attempt alone is as good as none.
      requireNoHole(place.attempt() == 0 ? place.height() : place.height() + 1);
    }
    latest = place;
    add(new LedgerArchive.Block(row.id(), row.body(), row.timestampMillis()));
  }

  /**
   * @param next the height that follows what was added
   */
  private void requireNoHole(long next) throws IOException {
    long expected = latest == null ? header.firstHeight() : latest.height() + 1;
    if (next != expected) {
      throw new IOException(
          "no archive is written: block "
              + expected
              + " of "
              + header.chain()
              + " is neither in the store nor in an archive that was named");
    }
  }

  /**
   * Durable under its name when it returns.
   *
   * @throws IOException when blocks are missing, or something else stands under its name
   */
  public void finish() throws IOException {
    requireNoHole(header.lastHeight() + 1);
    out.write(LedgerArchive.encode(new LedgerArchive.End(lines, Bytes.of(digest.digest()))));
    out.flush();
    channel.force(true);
    channel.close();
    if (Files.exists(file)) {
      if (Files.mismatch(part, file) >= 0) {
        throw new IOException(
            file + " is there already, with other content, and is not replaced: name another --to");
      }
      return;
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
        entry.force(true);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(part);
  }
}
