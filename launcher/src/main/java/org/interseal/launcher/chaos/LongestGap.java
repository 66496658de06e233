package org.interseal.launcher.chaos;

import java.util.HashMap;
import java.util.Map;

/** The longest time in which a partition of a bank posted no payment, over all. Thread-safe. */
final class LongestGap {
  private final Map<BankPartition, Long> lastNanos = new HashMap<>();
  private long longestNanos;

  /** From now on payments are made here. */
  synchronized void begin(BankPartition where, long nanos) {
    lastNanos.put(where, nanos);
  }

  /** A payer heard that his payment was posted; nothing before it began. */
  synchronized void posted(BankPartition where, long nanos) {
    Long last = lastNanos.get(where);
    if (last != null && nanos > last) {
      longestNanos = Math.max(longestNanos, nanos - last);
      lastNanos.put(where, nanos);
    }
  }

  /** No more payments are made: the time until now counts as well. */
  synchronized void end(BankPartition where, long nanos) {
    posted(where, nanos);
    lastNanos.remove(where);
  }

  synchronized long millis() {
    return longestNanos / 1_000_000;
  }
}
