package org.interseal.bank.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.interseal.bank.ledger.References.Cash;
import org.interseal.bank.ledger.References.Instruction;
import org.interseal.bank.ledger.References.Remembered;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.json.MalformedMessage;
import org.jspecify.annotations.Nullable;

/**
 * A reference with its answer as one row of bytes, called a record: so they are in memory, and so
 * they are stored in a snapshot. The format is in docs/reference/ledger.md.
 */
final class PackedReference {
  static final int KEY_BYTES = ReferenceMark.BYTES;

  /** What every answer has: its kind, the content's hash, and when it expires. */
  private static final int COMMON_BYTES = 1 + ReferenceMark.BYTES + Long.BYTES;

  /** Most bytes of a length, seven bits in each. */
  private static final int MAX_LENGTH_BYTES = 5;

  private static final byte INSTRUCTION = 1;
  private static final byte CASH = 2;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private PackedReference() {}

  static byte[] pack(Bytes key, Remembered answer) {
    return switch (answer) {
      case Instruction i -> pack(key, i);
      case Cash c -> pack(key, c);
    };
  }

  private static byte[] pack(Bytes key, Instruction i) {
    byte[] endToEndId = utf8(i.endToEndId());
    byte[] currency = utf8(i.amount().currency().value());
    byte[] status = utf8(i.status().name());
    byte @Nullable [] reason = nameOf(i.reason());
    int texts = size(endToEndId) + size(currency) + size(status) + size(reason);
    ByteBuffer out = begin(key, INSTRUCTION, i, texts + 4 * Long.BYTES);
    put(out, endToEndId);
    out.putLong(i.uetr().getMostSignificantBits()).putLong(i.uetr().getLeastSignificantBits());
    put(out, currency);
    out.putLong(i.amount().amountMinor());
    put(out, status);
    put(out, reason);
    return bytes(out.putLong(i.decidedAtMillis()));
  }

  private static byte[] pack(Bytes key, Cash c) {
    Money held = c.branchCash();
    byte @Nullable [] currency = held == null ? null : utf8(held.currency().value());
    byte @Nullable [] reason = nameOf(c.reason());
    byte @Nullable [] detail = c.detail() == null ? null : utf8(c.detail());
    int texts = size(currency) + size(reason) + size(detail);
    ByteBuffer out = begin(key, CASH, c, texts + (held == null ? 0 : Long.BYTES));
    put(out, currency);
    if (held != null) {
      out.putLong(held.amountMinor());
    }
    put(out, reason);
    put(out, detail);
    return bytes(out);
  }

  private static ByteBuffer begin(Bytes key, byte kind, Remembered answer, int restBytes) {
    if (key.size() != KEY_BYTES || answer.content().size() != ReferenceMark.BYTES) {
      throw new IllegalArgumentException("a key or hash of another length");
    }
    int body = COMMON_BYTES + restBytes;
    ByteBuffer out = ByteBuffer.wrap(new byte[KEY_BYTES + lengthBytes(body) + body]);
    putLength(out.put(key.toArray()), body);
    return out.put(kind).put(answer.content().toArray()).putLong(answer.expiresAtMillis());
  }

  @SuppressWarnings("ByteBufferBackingArray") // wrapped whole in begin()
  private static byte[] bytes(ByteBuffer full) {
    return full.array();
  }

  private static int lengthBytes(int length) {
    return Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 6) / 7);
  }

  /** Seven bits a byte, the lowest first; all but the last have the highest bit. */
  private static void putLength(ByteBuffer out, int length) {
    int rest = length;
    for (; rest > 0x7F; rest >>>= 7) {
      out.put((byte) (rest | 0x80));
    }
    out.put((byte) rest);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] nameOf(@Nullable ReasonCode reason) {
    return reason == null ? null : utf8(reason.name());
  }

  private static int size(byte @Nullable [] text) {
    return text == null ? 1 : lengthBytes(text.length + 1) + text.length;
  }

  /** One more than its length, or 0 for none, and the text. */
  private static void put(ByteBuffer out, byte @Nullable [] text) {
    putLength(out, text == null ? 0 : text.length + 1);
    if (text != null) {
      out.put(text);
    }
  }

  /** The answer in a record that this class packed. */
  static Remembered answer(byte[] record) {
    ByteBuffer in = ByteBuffer.wrap(record).position(KEY_BYTES);
    int _ = length(in);
    byte kind = in.get();
    Bytes content = bytes(in, ReferenceMark.BYTES);
    long expiresAtMillis = in.getLong();
    return switch (kind) {
      case INSTRUCTION ->
          new Instruction(
              content,
              expiresAtMillis,
              required(text(in)),
              new UUID(in.getLong(), in.getLong()),
              required(money(in)),
              TransactionStatus.valueOf(required(text(in))),
              reason(in),
              in.getLong());
      case CASH -> new Cash(content, expiresAtMillis, money(in), reason(in), text(in));
      default -> throw new IllegalArgumentException("kind of answer " + kind);
    };
  }

  /**
   * Checks a record that came from elsewhere.
   *
   * @throws MalformedMessage when it is not byte for byte what this class packs
   */
  static void requireValid(byte[] record) throws MalformedMessage {
    boolean valid;
    try {
      valid = Arrays.equals(pack(key(record), answer(record)), record);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      valid = false;
    }
    if (!valid) {
      throw new MalformedMessage("not a reference");
    }
  }

  private static Bytes bytes(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return Bytes.of(bytes);
  }

  private static int length(ByteBuffer in) {
    int length = 0;
    for (int i = 0; i < MAX_LENGTH_BYTES; i++) {
      byte next = in.get();
      length |= (next & 0x7F) << (7 * i);
      if (next >= 0) {
        return length;
      }
    }
    throw new IllegalArgumentException("a length without end");
  }

  private static @Nullable String text(ByteBuffer in) {
    int length = length(in) - 1;
    if (length > in.remaining() || length < -1) {
      throw new IllegalArgumentException("a text that is cut off");
    }
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static @Nullable Money money(ByteBuffer in) {
    String currency = text(in);
    return currency == null ? null : new Money(in.getLong(), new CurrencyCode(currency));
  }

  private static @Nullable ReasonCode reason(ByteBuffer in) {
    String name = text(in);
    return name == null ? null : ReasonCode.valueOf(name);
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException("a value is missing");
    }
    return value;
  }

  static Bytes key(byte[] record) {
    return Bytes.of(Arrays.copyOf(record, KEY_BYTES));
  }

  /** Where the record ends that begins there. */
  static int end(byte[] records, int from) {
    ByteBuffer in = ByteBuffer.wrap(records).position(from + KEY_BYTES);
    int length = length(in);
    return in.position() + length;
  }

  /**
   * Cuts records apart that came from elsewhere; none is looked into.
   *
   * @throws MalformedMessage when they do not end where the last one does
   */
  static List<byte[]> cut(byte[] records, int from) throws MalformedMessage {
    List<byte[]> cut = new ArrayList<>();
    int at = from;
    while (at < records.length) {
      int end = records.length - at < KEY_BYTES ? -1 : checkedEnd(records, at);
      if (end <= at || end > records.length) {
        throw new MalformedMessage("a reference is cut off");
      }
      cut.add(Arrays.copyOfRange(records, at, end));
      at = end;
    }
    return cut;
  }

  private static int checkedEnd(byte[] records, int from) {
    try {
      return end(records, from);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return -1;
    }
  }

  /** How the key of the record that begins there compares, as bytes without sign. */
  static int compareKeys(byte[] records, int from, byte[] key) {
    int high = Long.compareUnsigned((long) LONG.get(records, from), (long) LONG.get(key, 0));
    return high != 0
        ? high
        : Long.compareUnsigned(
            (long) LONG.get(records, from + Long.BYTES), (long) LONG.get(key, Long.BYTES));
  }
}
