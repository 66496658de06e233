package org.interseal.bank.verify;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.Row;

/**
 * The closed part of a chain in a file: every row of it, void ones too, and what a verifier needs
 * beside. The format is docs/reference/archive.md. Not thread-safe.
 *
 * <p>The digest in its last line finds damage and a file that was cut off. It says nothing about
 * who wrote the file: that the rows are the chain is for {@link FederationVerifier} to find out.
 */
public final class LedgerArchive implements AutoCloseable {
  public static final int VERSION = 1;

  /** A row's longest body, every character escaped. */
  private static final int MAX_LINE_BYTES = 32 * 1024 * 1024;

  private static final int BUFFER_BYTES = 1024 * 1024;

  /** A line. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Header.class, name = "archive"),
    @JsonSubTypes.Type(value = Key.class, name = "key"),
    @JsonSubTypes.Type(value = Certificate.class, name = "record"),
    @JsonSubTypes.Type(value = Block.class, name = "block"),
    @JsonSubTypes.Type(value = End.class, name = "end"),
  })
  public sealed interface Line {}

  /**
   * The first line.
   *
   * @param v format version, 1
   * @param firstHeight of the rows in here
   * @param lastHeight up to which the chain is closed
   * @param opens the period whose opening closes them
   * @param closedBy row id of the block that names the opening
   * @param closedByHash its hash
   */
  public record Header(
      int v,
      BankId bank,
      int partition,
      long firstHeight,
      long lastHeight,
      String opens,
      String closedBy,
      Bytes closedByHash)
      implements Line {
    public Header {
      if (v != VERSION) {
        throw new IllegalArgumentException("an archive of format version " + v);
      }
      if (firstHeight < 1 || lastHeight < firstHeight) {
        throw new IllegalArgumentException("heights " + firstHeight + " to " + lastHeight);
      }
    }

    public ChainIdentity chain() {
      return new ChainIdentity(bank, partition);
    }
  }

  /** A row of {@code wrapped_keys}: a period key, wrapped to a recovery key. */
  public record Key(String body) implements Line {}

  /** A row of {@code bank_keys}: who certified the servers that signed. */
  public record Certificate(String stream, String body) implements Line {}

  /** A row of {@code blocks}; rows come in the order of their ids. */
  public record Block(String id, String body, long timestampMillis) implements Line {}

  /**
   * The last line.
   *
   * @param lines before it
   * @param digest SHA-256 of all bytes before it
   */
  public record End(long lines, Bytes digest) implements Line {}

  private final Path file;
  private final Header header;
  private final List<String> keys;
  private final NavigableMap<String, Long> offsets;
  private final RandomAccessFile rows;

  private LedgerArchive(
      Path file,
      Header header,
      List<String> keys,
      NavigableMap<String, Long> offsets,
      RandomAccessFile rows) {
    this.file = file;
    this.header = header;
    this.keys = List.copyOf(keys);
    this.offsets = offsets;
    this.rows = rows;
  }

  /**
   * Reads the whole file once.
   *
   * @throws IOException when it is no archive, damaged or cut off; the message says which file
   */
  public static LedgerArchive open(Path file) throws IOException {
    Reading reading = new Reading(file);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
      reading.readAll(in);
    } catch (MalformedMessage | IllegalArgumentException e) {
      throw new IOException(
          file + " is not a whole archive of format version " + VERSION + ": " + e.getMessage(), e);
    }
    return new LedgerArchive(
        file,
        reading.requireHeader(),
        reading.keys,
        reading.offsets,
        new RandomAccessFile(file.toFile(), "r"));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] encode(Line line) {
    return (ProtocolJson.encodeText(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] nextLine(InputStream in) throws IOException, MalformedMessage {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n') {
        return line.toByteArray();
      }
      if (line.size() > MAX_LINE_BYTES) {
        throw new MalformedMessage("a line of more than " + MAX_LINE_BYTES + " bytes");
      }
    }
    if (line.size() > 0) {
      throw new MalformedMessage("the last line is cut off");
    }
    return new byte[0];
  }

  private static Line decode(byte[] line) throws MalformedMessage {
    return ProtocolJson.decode(
        new String(line, 0, line.length - 1, StandardCharsets.UTF_8), Line.class);
  }

  /** One pass over a file. */
  private static final class Reading {
    private final Path file;
    private final List<String> keys = new ArrayList<>();
    private final NavigableMap<String, Long> offsets = new TreeMap<>();
    private final MessageDigest digest = sha256();
    private Optional<Header> header = Optional.empty();
    private long lines;
    private boolean ended;

    Reading(Path file) {
      this.file = file;
    }

    void readAll(InputStream in) throws IOException, MalformedMessage {
      long offset = 0;
      for (byte[] line = nextLine(in); line.length > 0; line = nextLine(in)) {
        if (ended) {
          throw new MalformedMessage("lines after the end");
        }
        take(decode(line), offset);
        digest.update(line);
        offset += line.length;
        lines++;
      }
      if (!ended) {
        throw new MalformedMessage("its end is cut off");
      }
    }

    private void take(Line line, long offset) throws MalformedMessage {
      if (header.isPresent() == (line instanceof Header)) {
        throw new MalformedMessage("a line out of place");
      }
      switch (line) {
        case Header first -> header = Optional.of(first);
        case Key key -> keys.add(key.body());
        case Certificate _ -> {
          // For a verifier without the federation's store.
        }
        case Block block -> take(block, offset);
        case End end -> {
          ended = true;
          if (end.lines() != lines || !end.digest().equals(Bytes.of(digest.digest()))) {
            throw new MalformedMessage("its content is not what was written");
          }
        }
      }
    }

    private void take(Block block, long offset) throws MalformedMessage {
      Header first = header.orElseThrow();
      boolean inOrder = offsets.isEmpty() || offsets.lastKey().compareTo(block.id()) < 0;
      boolean inside =
          ChainPlace.parse(block.id())
              .filter(place -> place.partition() == first.partition())
              .filter(place -> place.height() >= first.firstHeight())
              .filter(place -> place.height() <= first.lastHeight())
              .isPresent();
      if (!inOrder || !inside) {
        throw new MalformedMessage("row " + block.id() + " out of place");
      }
      offsets.put(block.id(), offset);
    }

    Header requireHeader() throws IOException {
      return header.orElseThrow(() -> new IOException(file + " is empty"));
    }
  }

  public Path file() {
    return file;
  }

  public Header header() {
    return header;
  }

  /** Rows that wrap period keys to the bank's recovery key. */
  public List<String> wrappedKeys() {
    return keys;
  }

  /** Ids of the rows from this one on, at most so many, in order. */
  List<String> idsFrom(String fromId, int max) {
    return offsets.tailMap(fromId, true).keySet().stream().limit(max).toList();
  }

  /** How many rows there are. */
  public int rows() {
    return offsets.size();
  }

  /** The row with that id, when it is in here. */
  public Optional<Row> find(String id) throws IOException {
    Long offset = offsets.get(id);
    if (offset == null) {
      return Optional.empty();
    }
    rows.seek(offset);
    try (InputStream in = new BufferedInputStream(new Unclosed(rows))) {
      if (decode(nextLine(in)) instanceof Block block) {
        return Optional.of(
            new Row(
                ChainPlace.stream(header.partition()),
                block.id(),
                block.body(),
                block.timestampMillis()));
      }
      throw new IOException(file + " changed while it was read");
    } catch (MalformedMessage e) {
      throw new IOException(file + " changed while it was read", e);
    }
  }

  /** The open file from where it stands. */
  private static final class Unclosed extends InputStream {
    private final RandomAccessFile from;

    Unclosed(RandomAccessFile from) {
      this.from = from;
    }

    @Override
    public int read() throws IOException {
      return from.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return from.read(into, offset, length);
    }
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
