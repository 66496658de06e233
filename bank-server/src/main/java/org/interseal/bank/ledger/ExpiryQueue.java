package org.interseal.bank.ledger;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.interseal.bank.ledger.References.Due;
import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * When references are forgotten, the first one first. Packed, some in an array, for the reason that
 * {@link RememberedAnswers} has. Immutable; versions share what does not differ. Equal when the
 * entries are.
 */
final class ExpiryQueue {
  /** Bytes of an entry: the key, and when it expires as a big-endian number. */
  static final int ENTRY_BYTES = PackedReference.KEY_BYTES + Long.BYTES;

  private static final int PER_PAGE = 32;

  static final ExpiryQueue EMPTY = new ExpiryQueue(TreePMap.empty(), 0, 0);

  /** The entry at position {@code i} is in page {@code i / PER_PAGE}. */
  private final TreePMap<Long, byte[]> pages;

  private final long first;
  private final long end;

  private ExpiryQueue(TreePMap<Long, byte[]> pages, long first, long end) {
    this.pages = pages;
    this.first = first;
    this.end = end;
  }

  int size() {
    return (int) (end - first);
  }

  ExpiryQueue plus(Due due) {
    if (due.key().size() != PackedReference.KEY_BYTES) {
      throw new IllegalArgumentException("a key of another length");
    }
    byte[] entry = new byte[ENTRY_BYTES];
    ByteBuffer.wrap(entry).put(due.key().toArray()).putLong(due.expiresAtMillis());
    return plus(entry);
  }

  /** The entry as bytes, as {@link #entries} gives them. */
  ExpiryQueue plus(byte[] entry) {
    if (entry.length != ENTRY_BYTES) {
      throw new IllegalArgumentException("an entry of " + entry.length + " bytes");
    }
    int at = offset(end);
    byte[] page = at == 0 ? new byte[ENTRY_BYTES] : Arrays.copyOf(page(end), at + ENTRY_BYTES);
    System.arraycopy(entry, 0, page, at, ENTRY_BYTES);
    return new ExpiryQueue(pages.plus(end / PER_PAGE, page), first, end + 1);
  }

  /** The first entry; null when there is none. */
  @Nullable Due peek() {
    if (size() == 0) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(entry(first));
    byte[] key = new byte[PackedReference.KEY_BYTES];
    in.get(key);
    return new Due(Bytes.of(key), in.getLong());
  }

  /** Without the first entry, which there is. */
  ExpiryQueue minusFirst() {
    boolean leavesPage = offset(first + 1) == 0;
    return new ExpiryQueue(leavesPage ? pages.minus(first / PER_PAGE) : pages, first + 1, end);
  }

  /** All entries in order. */
  Stream<byte[]> entries() {
    return LongStream.range(first, end).mapToObj(this::entry);
  }

  private byte[] entry(long position) {
    int at = offset(position);
    return Arrays.copyOfRange(page(position), at, at + ENTRY_BYTES);
  }

  private byte[] page(long position) {
    byte[] page = pages.get(position / PER_PAGE);
    if (page == null) {
      throw new IllegalStateException("no page for " + position);
    }
    return page;
  }

  private static int offset(long position) {
    return (int) (position % PER_PAGE) * ENTRY_BYTES;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    if (!(o instanceof ExpiryQueue other) || size() != other.size()) {
      return false;
    }
    Iterator<byte[]> others = other.entries().iterator();
    return entries().allMatch(entry -> Arrays.equals(entry, others.next()));
  }

  @Override
  public int hashCode() {
    return size();
  }

  @Override
  public String toString() {
    return size() + " entries";
  }
}
