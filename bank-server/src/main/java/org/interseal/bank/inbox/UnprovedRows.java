package org.interseal.bank.inbox;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.interseal.store.RunningTime;

/**
 * Rows that could not be proved and may be once the bank knows more: each is opened again a few
 * times. For the ledger thread.
 */
final class UnprovedRows {
  /** When a message that cannot be proved is tried again; after the last one it is set aside. */
  private static final long[] RETRY_MILLIS = {250, 1_000, 3_000};

  /**
   * Most messages to keys that nobody knows, of those that wait for newer knowledge: one in so
   * many.
   */
  private static final int NEW_KEY_SHARE = 8;

  private record Retry(ReceivedRow row, Opening.Hope hope, long dueNanos) {}

  private final int maxHeld;
  private final RunningTime time;
  private final List<Retry> retries = new ArrayList<>();
  private final Map<Opening.Hope, Integer> hoping = new EnumMap<>(Opening.Hope.class);
  private volatile int waitingForOurKey;

  UnprovedRows(int maxHeld, RunningTime time) {
    this.maxHeld = maxHeld;
    this.time = time;
  }

  /**
   * Keeps the row to be opened again later.
   *
   * @return false when it was tried often enough, or too many wait: it must be set aside
   */
  boolean keep(ReceivedRow row, Opening.Hope hope) {
    if (!mayWait(row, hope)) {
      return false;
    }
    if (row.hope != hope) {
      row.hope = hope;
      row.openings = 0;
    }
    long delayMillis = RETRY_MILLIS[Math.min(row.openings, RETRY_MILLIS.length - 1)];
    retries.add(new Retry(row, hope, time.nanoTime() + delayMillis * 1_000_000));
    row.openings++;
    count(hope, 1);
    return true;
  }

  private boolean mayWait(ReceivedRow row, Opening.Hope hope) {
    boolean triesLeft = row.hope != hope || row.openings < RETRY_MILLIS.length;
    return switch (hope) {
      case NONE -> false;
      case NEW_AUTHOR -> triesLeft && hoping(hope) < maxHeld;
      case NEW_KEY -> triesLeft && hoping(hope) < maxHeld / NEW_KEY_SHARE;
      // As long as it takes: setting it aside would leave it without an answer. Bounded by the rows
      // in flight.
      case OUR_KEY -> true;
    };
  }

  /**
   * Those whose time has come, which are not kept any more.
   *
   * @param hasCredit asked once for each; it waits on while its writer has none
   */
  List<ReceivedRow> takeDue(long nowNanos, Predicate<ReceivedRow> hasCredit) {
    List<ReceivedRow> due = new ArrayList<>();
    for (Iterator<Retry> i = retries.iterator(); i.hasNext(); ) {
      Retry retry = i.next();
      if (retry.dueNanos - nowNanos <= 0 && hasCredit.test(retry.row)) {
        i.remove();
        count(retry.hope, -1);
        due.add(retry.row);
      }
    }
    return due;
  }

  boolean isEmpty() {
    return retries.isEmpty();
  }

  /** Any thread. */
  int waitingForOurKey() {
    return waitingForOurKey;
  }

  private void count(Opening.Hope hope, int more) {
    hoping.merge(hope, more, Integer::sum);
    waitingForOurKey = hoping(Opening.Hope.OUR_KEY);
  }

  private int hoping(Opening.Hope hope) {
    return hoping.getOrDefault(hope, 0);
  }
}
