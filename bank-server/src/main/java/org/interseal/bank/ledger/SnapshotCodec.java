package org.interseal.bank.ledger;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
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
    Parts parts = state.parts();
    Chunks chunks = new Chunks(versionLine(parts));
    entries(parts, chunks);
    return chunks.finish();
  }

  /**
   * Reads a state.
   *
   * @throws MalformedMessage when the chunks are not exactly a whole snapshot of a version that
   *     this code knows
   */
  public static LedgerState decode(List<Bytes> chunks) throws MalformedMessage {
    SnapshotReader reader = new SnapshotReader();
    try {
      for (Bytes chunk : chunks) {
        String text = chunk.toUtf8();
        if (chunk.size() > MAX_CHUNK_BYTES
            || !(text.startsWith(VERSION_LINE_1) || text.startsWith(VERSION_LINE_2))
            || !text.endsWith("\n")) {
          throw new MalformedMessage("not a snapshot chunk of version 1 or 2");
        }
        String body = text.substring(VERSION_LINE_1.length());
        for (String line : body.lines().toList()) {
          reader.read(READER.readValue(line));
        }
      }
      return new LedgerState(reader.finish());
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new MalformedMessage("not a snapshot");
    }
  }

  /** A bank with one partition keeps the version that older programs read. */
  private static String versionLine(Parts s) {
    boolean several = s.partition() > 0 || s.registry().partitionsOf(s.bank()) > 1;
    return several || !s.siblings().isEmpty() ? VERSION_LINE_2 : VERSION_LINE_1;
  }

  private static void entries(Parts s, Consumer<SnapshotEntry> out) {
    out.accept(
        new SnapshotEntry.Head(
            s.bank(),
            s.partition(),
            s.progress(),
            s.terms(),
            s.registry(),
            s.accounts().nextCustomer(),
            s.accounts().nextNumber(),
            s.references().nextSequence(),
            s.evidence()));
    s.accounts().customers().values().forEach(c -> out.accept(new SnapshotEntry.OfCustomer(c)));
    s.accounts().accounts().values().forEach(a -> out.accept(new SnapshotEntry.OfAccount(a)));
    s.balances().own().forEach((k, v) -> out.accept(new SnapshotEntry.OfOwnBalance(k, v)));
    s.balances().customers().forEach((k, v) -> out.accept(new SnapshotEntry.OfCustomerTotal(k, v)));
    s.devices().values().forEach(d -> out.accept(new SnapshotEntry.OfDevice(d)));
    s.windows()
        .forEach((author, window) ->
            out.accept(
                new SnapshotEntry.OfWindow(
                    author, window.highest(), window.missing().toString(16))));
    s.references().byKey().forEach((k, v) -> out.accept(new SnapshotEntry.OfReference(k, v)));
    s.references().queue().forEach((k, v) -> out.accept(new SnapshotEntry.OfDue(k, v)));
    counterparties(s, out);
  }

  private static void counterparties(Parts s, Consumer<SnapshotEntry> out) {
    s.outgoing()
        .forEach((peer, pair) -> {
          out.accept(new SnapshotEntry.OfOutgoing(peer, pair.nextNumber()));
          pair.unanswered().values().forEach(t -> out.accept(new SnapshotEntry.OfUnanswered(t)));
          pair.answered().forEach((n, a) -> out.accept(new SnapshotEntry.OfAnswered(peer, n, a)));
        });
    s.incoming()
        .forEach((peer, pair) -> {
          out.accept(new SnapshotEntry.OfIncoming(peer, pair.floor()));
          pair.received().forEach((n, r) -> out.accept(new SnapshotEntry.OfReceived(peer, n, r)));
          pair.awaited().forEach((n, d) -> out.accept(new SnapshotEntry.OfAwaited(peer, n, d)));
        });
    s.heads().forEach((peer, head) -> out.accept(new SnapshotEntry.OfPeerHead(peer, head)));
    s.siblings()
        .forEach((partition, height) -> out.accept(new SnapshotEntry.OfSibling(partition, height)));
  }

  static MessageWindow window(SnapshotEntry.OfWindow entry) {
    return new MessageWindow(entry.highest(), new BigInteger(entry.missing(), 16));
  }

  /** Packs lines into chunks. */
  private static final class Chunks implements Consumer<SnapshotEntry> {
    private final List<Bytes> full = new ArrayList<>();
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();
    private final String versionLine;
    private long entries;

    Chunks(String versionLine) {
      this.versionLine = versionLine;
      current.writeBytes(versionLine.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void accept(SnapshotEntry entry) {
      byte[] line = WRITER.writeValueAsBytes(entry);
      if (current.size() + line.length + 1 > MAX_CHUNK_BYTES) {
        flush();
      }
      current.writeBytes(line);
      current.write('\n');
      entries++;
    }

    private void flush() {
      full.add(Bytes.of(current.toByteArray()));
      current.reset();
      current.writeBytes(versionLine.getBytes(StandardCharsets.US_ASCII));
    }

    List<Bytes> finish() {
      accept(new SnapshotEntry.End(entries));
      flush();
      return List.copyOf(full);
    }
  }
}
