package org.interseal.launcher.chaos;

import java.util.HashMap;
import java.util.Map;
import org.interseal.identity.BankId;

/** The longest time in which a bank posted no payment, over all banks. Thread-safe. */
final class LongestGap {
  private final Map<BankId, Long> lastNanos = new HashMap<>();
  private long longestNanos;

  /** From now on payments are made at this bank. */
  synchronized void begin(BankId bank, long nanos) {
    lastNanos.put(bank, nanos);
  }

  /** A payer of this bank heard that his payment was posted; nothing before it began. */
  synchronized void posted(BankId bank, long nanos) {
    Long last = lastNanos.get(bank);
    if (last != null && nanos > last) {
      longestNanos = Math.max(longestNanos, nanos - last);
      lastNanos.put(bank, nanos);
    }
  }

  /** No more payments are made: the time until now counts as well. */
  synchronized void end(BankId bank, long nanos) {
    posted(bank, nanos);
    lastNanos.remove(bank);
  }

  synchronized long millis() {
    return longestNanos / 1_000_000;
  }
}
