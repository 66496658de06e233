package org.interseal.bank.processing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link SnapshotMemory} in {@code <directory>/<bank>.p<partition>.snapshot}, replaced atomically.
 */
public final class SnapshotFile implements SnapshotMemory {
  private static final Logger log = LoggerFactory.getLogger(SnapshotFile.class);

  private final Path file;

  public SnapshotFile(Path directory, ChainIdentity chain) {
    this.file = directory.resolve(chain + ".snapshot");
  }

  @Override
  public synchronized Optional<Taken> latest() {
    try {
      return Files.exists(file)
          ? Optional.of(ProtocolJson.decode(Files.readString(file), Taken.class))
          : Optional.empty();
    } catch (IOException | MalformedMessage e) {
      // A cache of a cache: without it the chain is folded.
      log.warn("{} is not readable: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public synchronized void remember(Taken taken) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer content = ByteBuffer.wrap(ProtocolJson.encode(taken).toArray());
        while (content.hasRemaining()) {
          channel.write(content);
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
