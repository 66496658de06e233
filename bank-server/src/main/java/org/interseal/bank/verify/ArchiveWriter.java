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
import org.interseal.crypto.Bytes;
import org.interseal.store.Row;

/** Writes a {@link LedgerArchive}: under its name there is a whole one or none. */
public final class ArchiveWriter implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final FileChannel channel;
  private final OutputStream out;
  private final MessageDigest digest = LedgerArchive.sha256();
  private long lines;

  private ArchiveWriter(Path file, Path part, FileChannel channel) {
    this.file = file;
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
                StandardOpenOption.WRITE));
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

  /** A row of {@code blocks}; in order of ids. */
  public void addBlock(Row row) throws IOException {
    add(new LedgerArchive.Block(row.id(), row.body(), row.timestampMillis()));
  }

  /** Durable under its name when it returns. */
  public void finish() throws IOException {
    out.write(LedgerArchive.encode(new LedgerArchive.End(lines, Bytes.of(digest.digest()))));
    out.flush();
    channel.force(true);
    channel.close();
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
