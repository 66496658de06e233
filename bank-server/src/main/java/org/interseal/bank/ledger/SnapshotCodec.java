package org.interseal.bank.ledger;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * A whole state as chunks, the same bytes for equal states. A chunk is UTF-8 text: the format
 * version in a line, then one JSON entry per line.
 */
public final class SnapshotCodec {
  /** Largest chunk, in bytes. */
  public static final int MAX_CHUNK_BYTES = 256 * 1024;

  private static final String VERSION_LINE_1 = "interseal-snapshot 1\n";

  /** Of a bank with several ledger partitions. */
  private static final String VERSION_LINE_2 = "interseal-snapshot 2\n";

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
    return new Chunks(versionLine(state.parts()), entries(state.parts()));
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

  /** Reads a state from its chunks, one at a time and in order. */
  public static final class Decoder {
    private final SnapshotReader reader = new SnapshotReader();

    /**
     * @throws MalformedMessage when it is not the next chunk of a snapshot of a version that this
     *     code knows
     */
    public void read(Bytes chunk) throws MalformedMessage {
      String text = chunk.toUtf8();
      if (chunk.size() > MAX_CHUNK_BYTES
          || !(text.startsWith(VERSION_LINE_1) || text.startsWith(VERSION_LINE_2))
          || !text.endsWith("\n")) {
        throw new MalformedMessage("not a snapshot chunk of version 1 or 2");
      }
      try {
        String body = text.substring(VERSION_LINE_1.length());
        for (String line : body.lines().toList()) {
          reader.read(READER.readValue(line));
        }
      } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
        throw new MalformedMessage("not a snapshot");
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

  /** A bank with one partition keeps the version that older programs read. */
  private static String versionLine(Parts s) {
    boolean several = s.partition() > 0 || s.registry().partitionsOf(s.bank()) > 1;
    return several || !s.siblings().isEmpty() ? VERSION_LINE_2 : VERSION_LINE_1;
  }

  private static Iterator<SnapshotEntry> entries(Parts s) {
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
    all.addAll(s.references().byKey(), SnapshotEntry.OfReference::new);
    all.addAll(s.references().queue(), SnapshotEntry.OfDue::new);
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

  /** Entries from several collections, one after the other, each made when it is asked for. */
  private static final class Sources {
    private final List<Iterator<? extends SnapshotEntry>> sources = new ArrayList<>();

    void add(SnapshotEntry entry) {
      sources.add(List.of(entry).iterator());
    }

    <T> void addAll(Collection<T> values, Function<T, SnapshotEntry> entry) {
      sources.add(values.stream().map(entry).iterator());
    }

    <K, V> void addAll(Map<K, V> map, BiFunction<K, V, SnapshotEntry> entry) {
      addAll(map.entrySet(), e -> entry.apply(e.getKey(), e.getValue()));
    }

    Iterator<SnapshotEntry> iterator() {
      Iterator<Iterator<? extends SnapshotEntry>> rest = sources.iterator();
      return new Iterator<>() {
        private Iterator<? extends SnapshotEntry> current = Collections.emptyIterator();

        @Override
        public boolean hasNext() {
          while (!current.hasNext() && rest.hasNext()) {
            current = rest.next();
          }
          return current.hasNext();
        }

        @Override
        public SnapshotEntry next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return current.next();
        }
      };
    }
  }

  static MessageWindow window(SnapshotEntry.OfWindow entry) {
    return new MessageWindow(entry.highest(), new BigInteger(entry.missing(), 16));
  }

  /** Packs lines into chunks. */
  private static final class Chunks implements Iterator<Bytes> {
    private final Iterator<SnapshotEntry> entries;
    private final byte[] versionLine;
    private long count;
    private boolean ended;

    /** The line that the next chunk begins with; null when there is no more. */
    private byte @Nullable [] next;

    Chunks(String versionLine, Iterator<SnapshotEntry> entries) {
      this.versionLine = versionLine.getBytes(StandardCharsets.US_ASCII);
      this.entries = entries;
      this.next = line();
    }

    private byte @Nullable [] line() {
      if (entries.hasNext()) {
        count++;
        return WRITER.writeValueAsBytes(entries.next());
      }
      if (ended) {
        return null;
      }
      ended = true;
      return WRITER.writeValueAsBytes(new SnapshotEntry.End(count));
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Bytes next() {
      byte[] line = next;
      if (line == null) {
        throw new NoSuchElementException();
      }
      ByteArrayOutputStream chunk = new ByteArrayOutputStream();
      chunk.writeBytes(versionLine);
      do {
        chunk.writeBytes(line);
        chunk.write('\n');
        line = line();
      } while (line != null && chunk.size() + line.length + 1 <= MAX_CHUNK_BYTES);
      next = line;
      return Bytes.of(chunk.toByteArray());
    }
  }
}
