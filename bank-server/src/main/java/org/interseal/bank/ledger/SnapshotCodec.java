package org.interseal.bank.ledger;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * A whole state as chunks, the same bytes for equal states. A chunk begins with a line that names
 * the format's version and what is in it: one JSON entry per line, or references, or when they
 * expire, both packed.
 */
public final class SnapshotCodec {
  /** Largest chunk, in bytes. */
  public static final int MAX_CHUNK_BYTES = 256 * 1024;

  /** What a chunk has, by its first line. */
  private enum Content {
    /** Everything as JSON, of a bank with one partition: read, not written any more. */
    VERSION_1("interseal-snapshot 1", true),

    /** As version 1, of a bank with several partitions. */
    VERSION_2("interseal-snapshot 2", true),

    ENTRIES("interseal-snapshot 3", false),

    /** {@link PackedReference} one after the other. */
    REFERENCES("interseal-snapshot 3 references", false),

    /** The entries of an {@link ExpiryQueue} one after the other. */
    DUES("interseal-snapshot 3 due", false);

    private final Bytes start;
    private final boolean old;

    Content(String firstLine, boolean old) {
      this.start = Bytes.utf8(firstLine + "\n");
      this.old = old;
    }

    static Content of(Bytes chunk) throws MalformedMessage {
      for (Content content : values()) {
        int length = content.start.size();
        if (chunk.size() > length && chunk.prefix(length).equals(content.start)) {
          return content;
        }
      }
      throw new MalformedMessage("not a snapshot chunk of version 1, 2 or 3");
    }
  }

  private static final ObjectWriter WRITER = BlockCodec.mapper().writerFor(SnapshotEntry.class);
  private static final ObjectReader READER = BlockCodec.mapper().readerFor(SnapshotEntry.class);

  private SnapshotCodec() {}

  /** The chunks of a state, in order. */
  public static List<Bytes> encode(LedgerState state) {
    List<Bytes> chunks = new ArrayList<>();
    chunks(state).forEachRemaining(chunks::add);
    return List.copyOf(chunks);
  }

  /**
   * As {@link #encode}, each made when it is asked for: together they are larger than the state.
   */
  public static Iterator<Bytes> chunks(LedgerState state) {
    return new Chunks(pieces(state.parts()));
  }

  /**
   * Reads a state.
   *
   * @throws MalformedMessage when the chunks are not exactly a whole snapshot of a version that
   *     this code knows
   */
  public static LedgerState decode(List<Bytes> chunks) throws MalformedMessage {
    Decoder decoder = new Decoder();
    for (Bytes chunk : chunks) {
      decoder.read(chunk);
    }
    return decoder.finish();
  }

  /** Whether the chunk says that it has the format that {@link #chunks} makes. */
  public static boolean isOfThisVersion(Bytes chunk) {
    try {
      return !Content.of(chunk).old;
    } catch (MalformedMessage e) {
      return false;
    }
  }

  /** Reads a state from its chunks, one at a time and in order. */
  public static final class Decoder {
    private final SnapshotReader reader = new SnapshotReader();

    /** Whether the chunks so far are of an old version; null before the first. */
    private @Nullable Boolean old;

    /**
     * @throws MalformedMessage when it is not the next chunk of a snapshot of a version that this
     *     code knows
     */
    public void read(Bytes chunk) throws MalformedMessage {
      byte[] bytes = chunk.toArray();
      Content content = Content.of(chunk);
      if (bytes.length > MAX_CHUNK_BYTES || (old != null && old != content.old)) {
        throw new MalformedMessage("chunks of one snapshot do not fit together");
      }
      old = content.old;
      int from = content.start.size();
      switch (content) {
        case VERSION_1, VERSION_2, ENTRIES -> readLines(bytes, from, content.old);
        case REFERENCES -> readReferences(bytes, from);
        case DUES -> readDues(bytes, from);
      }
    }

    private void readLines(byte[] chunk, int from, boolean unpacked) throws MalformedMessage {
      String body = new String(chunk, from, chunk.length - from, StandardCharsets.UTF_8);
      if (!body.endsWith("\n")) {
        throw new MalformedMessage("a line is cut off");
      }
      try {
        for (String line : body.lines().toList()) {
          SnapshotEntry entry = READER.readValue(line);
          if (!unpacked && isPacked(entry)) {
            throw new MalformedMessage("a reference that is not packed");
          }
          reader.read(entry);
        }
      } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
        throw new MalformedMessage("not a snapshot");
      }
    }

    private static boolean isPacked(SnapshotEntry entry) {
      return entry instanceof SnapshotEntry.OfReference || entry instanceof SnapshotEntry.OfDue;
    }

    private void readReferences(byte[] chunk, int from) throws MalformedMessage {
      for (byte[] packed : PackedReference.cut(chunk, from)) {
        reader.readReference(packed);
      }
    }

    private void readDues(byte[] chunk, int from) throws MalformedMessage {
      if ((chunk.length - from) % ExpiryQueue.ENTRY_BYTES != 0) {
        throw new MalformedMessage("an entry is cut off");
      }
      for (int at = from; at < chunk.length; at += ExpiryQueue.ENTRY_BYTES) {
        reader.readDue(Arrays.copyOfRange(chunk, at, at + ExpiryQueue.ENTRY_BYTES));
      }
    }

    /**
     * @throws MalformedMessage when there should be more
     */
    public LedgerState finish() throws MalformedMessage {
      try {
        return new LedgerState(reader.finish());
      } catch (IllegalArgumentException | NullPointerException e) {
        throw new MalformedMessage("not a snapshot");
      }
    }
  }

  /** A part of a chunk that is not divided. */
  private record Piece(Content content, Bytes bytes) {}

  private static Iterator<Piece> pieces(Parts s) {
    SnapshotEntry head =
        new SnapshotEntry.Head(
            s.bank(),
            s.partition(),
            s.progress(),
            s.terms(),
            s.registry(),
            s.accounts().nextCustomer(),
            s.accounts().nextNumber(),
            s.references().nextSequence(),
            s.evidence());
    Sources all = new Sources();
    all.add(head);
    all.addAll(s.accounts().customers().values(), SnapshotEntry.OfCustomer::new);
    all.addAll(s.accounts().accounts().values(), SnapshotEntry.OfAccount::new);
    all.addAll(s.balances().own(), SnapshotEntry.OfOwnBalance::new);
    all.addAll(s.balances().customers(), SnapshotEntry.OfCustomerTotal::new);
    all.addAll(s.devices().values(), SnapshotEntry.OfDevice::new);
    all.addAll(
        s.windows(),
        (author, window) ->
            new SnapshotEntry.OfWindow(author, window.highest(), window.missing().toString(16)));
    all.addPacked(Content.REFERENCES, s.references().byKey().records());
    all.addPacked(Content.DUES, s.references().queue().entries());
    addCounterparties(s, all);
    return all.iterator();
  }

  private static void addCounterparties(Parts s, Sources all) {
    s.outgoing()
        .forEach((peer, pair) -> {
          all.add(new SnapshotEntry.OfOutgoing(peer, pair.nextNumber()));
          all.addAll(pair.unanswered().values(), SnapshotEntry.OfUnanswered::new);
          all.addAll(pair.answered(), (n, a) -> new SnapshotEntry.OfAnswered(peer, n, a));
        });
    s.incoming()
        .forEach((peer, pair) -> {
          all.add(new SnapshotEntry.OfIncoming(peer, pair.floor()));
          all.addAll(pair.received(), (n, r) -> new SnapshotEntry.OfReceived(peer, n, r));
          all.addAll(pair.awaited(), (n, d) -> new SnapshotEntry.OfAwaited(peer, n, d));
        });
    all.addAll(s.heads(), SnapshotEntry.OfPeerHead::new);
    all.addAll(s.siblings(), SnapshotEntry.OfSibling::new);
  }

  /** Pieces from several collections, one after the other, each made when it is asked for. */
  private static final class Sources {
    private final List<Iterator<Piece>> sources = new ArrayList<>();

    void add(SnapshotEntry entry) {
      sources.add(List.of(line(entry)).iterator());
    }

    <T> void addAll(Collection<T> values, Function<T, SnapshotEntry> entry) {
      sources.add(values.stream().map(value -> line(entry.apply(value))).iterator());
    }

    <K, V> void addAll(Map<K, V> map, BiFunction<K, V, SnapshotEntry> entry) {
      addAll(map.entrySet(), e -> entry.apply(e.getKey(), e.getValue()));
    }

    void addPacked(Content content, Stream<byte[]> packed) {
      sources.add(packed.map(bytes -> new Piece(content, Bytes.of(bytes))).iterator());
    }

    Iterator<Piece> iterator() {
      Iterator<Iterator<Piece>> rest = sources.iterator();
      return new Iterator<>() {
        private Iterator<Piece> current = Collections.emptyIterator();

        @Override
        public boolean hasNext() {
          while (!current.hasNext() && rest.hasNext()) {
            current = rest.next();
          }
          return current.hasNext();
        }

        @Override
        public Piece next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return current.next();
        }
      };
    }
  }

  private static Piece line(SnapshotEntry entry) {
    byte[] json = WRITER.writeValueAsBytes(entry);
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return new Piece(Content.ENTRIES, Bytes.of(line));
  }

  static MessageWindow window(SnapshotEntry.OfWindow entry) {
    return new MessageWindow(entry.highest(), new BigInteger(entry.missing(), 16));
  }

  /** Puts pieces together to chunks. */
  private static final class Chunks implements Iterator<Bytes> {
    private final Iterator<Piece> pieces;
    private long count;
    private boolean ended;

    /** What the next chunk begins with; null when there is no more. */
    private @Nullable Piece next;

    Chunks(Iterator<Piece> pieces) {
      this.pieces = pieces;
      this.next = piece();
    }

    private @Nullable Piece piece() {
      if (pieces.hasNext()) {
        count++;
        return pieces.next();
      }
      if (ended) {
        return null;
      }
      ended = true;
      return line(new SnapshotEntry.End(count));
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Bytes next() {
      Piece piece = next;
      if (piece == null) {
        throw new NoSuchElementException();
      }
      Content content = piece.content();
      ByteArrayOutputStream chunk = new ByteArrayOutputStream();
      chunk.writeBytes(content.start.toArray());
      do {
        chunk.writeBytes(piece.bytes().toArray());
        piece = piece();
      } while (piece != null
          && piece.content() == content
          && chunk.size() + piece.bytes().size() <= MAX_CHUNK_BYTES);
      next = piece;
      return Bytes.of(chunk.toByteArray());
    }
  }
}
