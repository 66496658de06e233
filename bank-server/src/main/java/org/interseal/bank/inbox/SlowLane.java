package org.interseal.bank.inbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Rows whose writers have no credit to have them opened now. They may be authentic, so none is ever
 * dropped; they wait until their writers' credit is back. Writers take turns. Thread-safe.
 */
final class SlowLane {
  private final OpeningCredits credits;
  private final int maxRows;
  private final int maxKib;
  private final Map<String, ArrayDeque<ReceivedRow>> parked = new LinkedHashMap<>();
  private int rows;
  private int kib;

  SlowLane(OpeningCredits credits, int maxRows, int maxKib) {
    this.credits = credits;
    this.maxRows = maxRows;
    this.maxKib = maxKib;
  }

  /** Whether there is no room for so many more rows. */
  synchronized boolean isFull(int moreRows, int moreKib) {
    return rows + moreRows > maxRows || kib + moreKib > maxKib;
  }

  /** Whether there is room for a page. */
  synchronized boolean isHalfEmpty() {
    return rows <= maxRows / 2 && kib <= maxKib / 2;
  }

  synchronized void park(ReceivedRow row) {
    row.wasParked = true;
    parked.computeIfAbsent(row.writer, _ -> new ArrayDeque<>()).addLast(row);
    rows++;
    kib += row.kib;
  }

  synchronized int parkedRows() {
    return rows;
  }

  /** The stamp of the oldest parked row, or empty. */
  synchronized OptionalLong oldestMillis() {
    return parked.values().stream()
        .flatMap(ArrayDeque::stream)
        .mapToLong(row -> row.timestampMillis)
        .min();
  }

  /** Rows that may be opened now: their credit is taken. */
  synchronized List<ReceivedRow> release(long nowNanos) {
    List<ReceivedRow> released = new ArrayList<>();
    boolean any = true;
    while (any) {
      any = false;
      for (Iterator<ArrayDeque<ReceivedRow>> i = parked.values().iterator(); i.hasNext(); ) {
        ArrayDeque<ReceivedRow> ofWriter = i.next();
        if (credits.take(ofWriter.getFirst().writer, nowNanos)) {
          ReceivedRow row = ofWriter.removeFirst();
          rows--;
          kib -= row.kib;
          released.add(row);
          any = true;
          if (ofWriter.isEmpty()) {
            i.remove();
          }
        }
      }
    }
    return released;
  }
}
