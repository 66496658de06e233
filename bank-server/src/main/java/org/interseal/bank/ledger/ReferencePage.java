package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some records ({@link PackedReference}) in order of their keys, in one array. Immutable. */
final class ReferencePage {
  /**
   * Most records of a page: each change copies its page. Pages that became small are not put
   * together, as others take their place.
   */
  static final int MAX_RECORDS = 16;

  static final ReferencePage EMPTY = new ReferencePage(new byte[0]);

  private final byte[] records;

  private ReferencePage(byte[] records) {
    this.records = records;
  }

  /** Of records in order. */
  static ReferencePage of(Collection<byte[]> inOrder) {
    byte[] all = new byte[inOrder.stream().mapToInt(record -> record.length).sum()];
    int at = 0;
    for (byte[] record : inOrder) {
      System.arraycopy(record, 0, all, at, record.length);
      at += record.length;
    }
    return new ReferencePage(all);
  }

  int count() {
    int count = 0;
    for (int at = 0; at < records.length; at = after(at)) {
      count++;
    }
    return count;
  }

  /** The record of a key, which may be given as any bytes that begin with it. */
  byte @Nullable [] find(byte[] key) {
    int at = placeOf(key);
    return isAt(at, key) ? Arrays.copyOfRange(records, at, after(at)) : null;
  }

  boolean contains(byte[] key) {
    return isAt(placeOf(key), key);
  }

  /**
   * With this record, in place of one with the same key; the caller splits a page of more than
   * {@link #MAX_RECORDS}.
   */
  ReferencePage with(byte[] record) {
    int at = placeOf(record);
    return replaced(at, isAt(at, record) ? after(at) : at, record);
  }

  /** Without the record of that key, which is there. */
  ReferencePage without(byte[] key) {
    int at = placeOf(key);
    return replaced(at, after(at), new byte[0]);
  }

  private ReferencePage replaced(int from, int to, byte[] by) {
    byte[] all = new byte[records.length - (to - from) + by.length];
    System.arraycopy(records, 0, all, 0, from);
    System.arraycopy(by, 0, all, from, by.length);
    System.arraycopy(records, to, all, from + by.length, records.length - to);
    return new ReferencePage(all);
  }

  /** The records in order. */
  List<byte[]> records() {
    List<byte[]> all = new ArrayList<>(MAX_RECORDS);
    for (int at = 0; at < records.length; at = after(at)) {
      all.add(Arrays.copyOfRange(records, at, after(at)));
    }
    return all;
  }

  /** The beginning of the first record that does not come before the key. */
  private int placeOf(byte[] key) {
    int at = 0;
    while (at < records.length && PackedReference.compareKeys(records, at, key) < 0) {
      at = after(at);
    }
    return at;
  }

  private boolean isAt(int at, byte[] key) {
    return at < records.length && PackedReference.compareKeys(records, at, key) == 0;
  }

  private int after(int at) {
    return PackedReference.end(records, at);
  }
}
