package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.interseal.bank.ledger.References.Remembered;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * Answers by the key of their reference. A ledger remembers a million of them, so each is a {@link
 * PackedReference}, and some share a page: as objects in a tree of their own they would take three
 * times the memory. Immutable; versions share all pages but those that differ. Equal when the
 * answers are, whatever the pages.
 */
final class RememberedAnswers {
  private static final Bytes LOWEST = Bytes.of(new byte[0]);

  static final RememberedAnswers EMPTY =
      new RememberedAnswers(TreePMap.singleton(LOWEST, ReferencePage.EMPTY), 0);

  /** By a bound that none of a page's keys is below; there always is one with the lowest. */
  private final TreePMap<Bytes, ReferencePage> pages;

  private final int size;

  private RememberedAnswers(TreePMap<Bytes, ReferencePage> pages, int size) {
    this.pages = pages;
    this.size = size;
  }

  int size() {
    return size;
  }

  @Nullable Remembered get(Bytes key) {
    byte[] record = pageOf(key).getValue().find(key.toArray());
    return record == null ? null : PackedReference.answer(record);
  }

  RememberedAnswers plus(Bytes key, Remembered answer) {
    Map.Entry<Bytes, ReferencePage> old = pageOf(key);
    boolean more = !old.getValue().contains(key.toArray());
    ReferencePage page = old.getValue().with(PackedReference.pack(key, answer));
    TreePMap<Bytes, ReferencePage> changed =
        page.count() <= ReferencePage.MAX_RECORDS
            ? pages.plus(old.getKey(), page)
            : split(old.getKey(), page.records());
    return new RememberedAnswers(changed, more ? size + 1 : size);
  }

  private TreePMap<Bytes, ReferencePage> split(Bytes bound, List<byte[]> records) {
    int half = records.size() / 2;
    return pages
        .plus(bound, ReferencePage.of(records.subList(0, half)))
        .plus(
            PackedReference.key(records.get(half)),
            ReferencePage.of(records.subList(half, records.size())));
  }

  RememberedAnswers minus(Bytes key) {
    Map.Entry<Bytes, ReferencePage> old = pageOf(key);
    if (!old.getValue().contains(key.toArray())) {
      return this;
    }
    ReferencePage page = old.getValue().without(key.toArray());
    boolean drop = page.count() == 0 && !old.getKey().equals(LOWEST);
    return new RememberedAnswers(
        drop ? pages.minus(old.getKey()) : pages.plus(old.getKey(), page), size - 1);
  }

  private Map.Entry<Bytes, ReferencePage> pageOf(Bytes key) {
    return pages.floorEntry(key);
  }

  /** All records in order of their keys. */
  Stream<byte[]> records() {
    return pages.values().stream().flatMap(page -> page.records().stream());
  }

  @Override
  public boolean equals(@Nullable Object o) {
    if (!(o instanceof RememberedAnswers other) || size != other.size) {
      return false;
    }
    Iterator<byte[]> others = other.records().iterator();
    return records().allMatch(record -> Arrays.equals(record, others.next()));
  }

  @Override
  public int hashCode() {
    return size;
  }

  @Override
  public String toString() {
    return size + " answers";
  }

  /** Puts records together that come in order. */
  static final class Builder {
    private final List<byte[]> last = new ArrayList<>();
    private TreePMap<Bytes, ReferencePage> pages = EMPTY.pages;
    private byte @Nullable [] newest;
    private int size;

    /**
     * @throws MalformedMessage when it is not one that follows the last
     */
    void add(byte[] record) throws MalformedMessage {
      PackedReference.requireValid(record);
      if (newest != null && PackedReference.compareKeys(newest, 0, record) >= 0) {
        throw new MalformedMessage("references out of order");
      }
      if (last.size() == ReferencePage.MAX_RECORDS) {
        close();
      }
      last.add(record);
      newest = record;
      size++;
    }

    private void close() {
      if (!last.isEmpty()) {
        Bytes bound = size == last.size() ? LOWEST : PackedReference.key(last.getFirst());
        pages = pages.plus(bound, ReferencePage.of(last));
        last.clear();
      }
    }

    RememberedAnswers build() {
      close();
      return new RememberedAnswers(pages, size);
    }
  }
}
