package org.interseal.branch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SecretKey256;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;

/**
 * The branch's own durable memory: a file of lines, each a batch of {@link JournalRecord}s,
 * encrypted and bound to its place in the file.
 *
 * <p>Guarantees: what {@link #append} returned from is on disk; after a crash at any point the file
 * holds a prefix of the batches that were appended, plus possibly the one that was being written. A
 * damaged line that others follow is never skipped: the journal refuses to open. One process at a
 * time.
 *
 * <p>Names, amounts and activation codes are in here, so lines are encrypted under a key from the
 * branch's vault.
 */
final class BranchJournal implements AutoCloseable {
  /** Most records in a line. */
  static final int MAX_BATCH = 512;

  private static final int VERSION = 1;
  private static final long MAX_FILE_BYTES = 1L << 30;
  private static final Set<StandardOpenOption> APPENDING =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE);

  /** The first line, in the clear. */
  record Header(String format, int v, String branch, Bytes id) {
    static final String FORMAT = "interseal-branch-journal";
  }

  /** What a line decrypts to. */
  record Batch(List<JournalRecord> records) {
    Batch {
      records = List.copyOf(records);
    }
  }

  /**
   * What the file held.
   *
   * @param records in the order in which they were appended
   * @param tailCut whether an unfinished last line was cut off
   */
  record Contents(List<JournalRecord> records, boolean tailCut) {}

  private final Path file;
  private final String branch;
  private final SecretKey256 key;
  private final SecureRandom random;
  private final FileChannel lockFile;
  private FileChannel channel;
  private Header header;
  private long lines;
  private long length;

  private BranchJournal(
      Path file, String branch, SecretKey256 key, SecureRandom random, FileChannel lockFile)
      throws IOException {
    this.file = file;
    this.branch = branch;
    this.key = key;
    this.random = random;
    this.lockFile = lockFile;
    this.header = newHeader();
    if (!Files.exists(file)) {
      replaceWith(List.of());
    }
    this.channel = FileChannel.open(file, APPENDING);
  }

  /**
   * Opens the file, or makes it. Call {@link #read} next.
   *
   * @throws IOException also when another process has it open
   */
  static BranchJournal open(Path file, String branch, SecretKey256 key, SecureRandom random)
      throws IOException {
    Path absolute = file.toAbsolutePath();
    Files.createDirectories(parent(absolute));
    FileChannel lock =
        FileChannel.open(absolute.resolveSibling(absolute.getFileName() + ".lock"), APPENDING);
    try {
      if (!locked(lock)) {
        throw new IOException("another process works with the journal " + absolute);
      }
      return new BranchJournal(absolute, branch, key, random, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private Header newHeader() {
    byte[] id = new byte[16];
    random.nextBytes(id);
    return new Header(Header.FORMAT, VERSION, branch, Bytes.of(id));
  }

  /**
   * Reads everything, cuts an unfinished last line off, and stands ready to append.
   *
   * @throws IOException when the file is not this branch's journal, of an unknown version, or
   *     damaged
   */
  Contents read() throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException("too large for a journal: " + file);
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    if (end < 0) {
      throw new IOException("not a journal: " + file);
    }
    header = readHeader(text.substring(0, end));
    List<JournalRecord> records = new ArrayList<>();
    lines = 0;
    length = end + 1L;
    boolean tailCut = false;
    while (length < text.length()) {
      int start = (int) length;
      int lineEnd = text.indexOf('\n', start);
      boolean last = lineEnd < 0 || lineEnd == text.length() - 1;
      try {
        if (lineEnd < 0) {
          throw new MalformedMessage("a line without end");
        }
        records.addAll(decrypt(text.substring(start, lineEnd)));
      } catch (MalformedMessage | CryptoFailure | IllegalArgumentException e) {
        if (!last) {
          throw new IOException(
              "line " + (lines + 2) + " of the journal " + file + " is damaged", e);
        }
        tailCut = true;
        break;
      }
      lines++;
      length = lineEnd + 1L;
    }
    channel.truncate(length);
    channel.force(true);
    return new Contents(List.copyOf(records), tailCut);
  }

  private Header readHeader(String line) throws IOException {
    try {
      Header read = ProtocolJson.decode(line, Header.class);
      if (!Header.FORMAT.equals(read.format()) || read.v() != VERSION) {
        throw new IOException(
            "the journal " + file + " has format version " + read.v() + ", not " + VERSION);
      }
      if (!branch.equals(read.branch())) {
        throw new IOException("the journal " + file + " belongs to the branch " + read.branch());
      }
      return read;
    } catch (MalformedMessage e) {
      throw new IOException("not a journal: " + file, e);
    }
  }

  private List<JournalRecord> decrypt(String line) throws MalformedMessage, CryptoFailure {
    Bytes json = key.decrypt(Bytes.base64Url(line), context(header, lines));
    return ProtocolJson.decode(json, Batch.class).records();
  }

  /**
   * Binds a line to its file and its place, so that lines cannot be swapped, repeated or carried
   * over.
   */
  private static Bytes context(Header header, long line) {
    return Bytes.utf8(
        Header.FORMAT + "|" + header.branch() + "|" + header.id().toBase64Url() + "|" + line);
  }

  /**
   * Appends a batch; durable when it returns. After an exception the batch is not in the file, or
   * the journal cannot be used any more (a second exception says so).
   */
  void append(List<JournalRecord> records) throws IOException {
    byte[] line = line(header, lines, records);
    try {
      writeFully(channel, ByteBuffer.wrap(line), length);
      channel.force(false);
    } catch (IOException e) {
      cutBack(e);
      throw e;
    }
    lines++;
    length += line.length;
  }

  private void cutBack(IOException cause) throws IOException {
    try {
      channel.truncate(length);
      channel.force(true);
    } catch (IOException again) {
      channel.close();
      again.addSuppressed(cause);
      throw again;
    }
  }

  private byte[] line(Header of, long place, List<JournalRecord> records) {
    if (records.isEmpty() || records.size() > MAX_BATCH) {
      throw new IllegalArgumentException(records.size() + " records in a batch");
    }
    Bytes sealed = key.encrypt(ProtocolJson.encode(new Batch(records)), context(of, place), random);
    return (sealed.toBase64Url() + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** Replaces the file by one that holds {@code live} alone, atomically. */
  void rewrite(List<JournalRecord> live) throws IOException {
    channel.close();
    replaceWith(live);
    channel = FileChannel.open(file, APPENDING);
  }

  private void replaceWith(List<JournalRecord> live) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Header fresh = newHeader();
    long place = 0;
    long written = 0;
    try (FileChannel out = FileChannel.open(next, APPENDING)) {
      byte[] first = (ProtocolJson.encodeText(fresh) + "\n").getBytes(StandardCharsets.US_ASCII);
      written += writeFully(out, ByteBuffer.wrap(first), written);
      for (int at = 0; at < live.size(); at += MAX_BATCH) {
        List<JournalRecord> part = live.subList(at, Math.min(live.size(), at + MAX_BATCH));
        written += writeFully(out, ByteBuffer.wrap(line(fresh, place++, part)), written);
      }
      out.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(parent(file))) {
      directory.force(true);
    }
    header = fresh;
    lines = place;
    length = written;
  }

  private static long writeFully(FileChannel out, ByteBuffer content, long at) throws IOException {
    long position = at;
    while (content.hasRemaining()) {
      position += out.write(content, position);
    }
    return position - at;
  }

  private static Path parent(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IOException("no directory: " + file);
    }
    return parent;
  }

  /** Bytes in the file. */
  long length() {
    return length;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    lockFile.close();
  }
}
