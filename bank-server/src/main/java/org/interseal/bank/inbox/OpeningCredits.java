package org.interseal.bank.inbox;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many rows of a writer may be opened before some of them turn out to be worth it. Opening
 * takes one, a row that is proved gives back two, one that is not gives back nothing: who writes
 * what can be proved is never held up, and who writes junk gets little more than what time gives
 * back. All rows whose writer is not known are one writer's. Thread-safe.
 */
final class OpeningCredits {
  /** Of a writer that was quiet, or is new. */
  static final int START = 256;

  /** Given back by time, up to {@link #START}. */
  static final int PER_SECOND = 200;

  /** Of a writer whose rows are proved. */
  static final int MAX = 4_000;

  /** Writers told apart; those quiet the longest are forgotten, and are new then. */
  static final int MAX_WRITERS = 1_024;

  private static final class Credit {
    double left = START;
    long sinceNanos;

    Credit(long nowNanos) {
      this.sinceNanos = nowNanos;
    }
  }

  private final Map<String, Credit> credits = new LinkedHashMap<>(16, 0.75f, true);

  /** Whether one more row of the writer may be opened now. */
  synchronized boolean take(String writer, long nowNanos) {
    Credit credit = refilled(writer, nowNanos);
    if (credit.left < 1) {
      return false;
    }
    credit.left--;
    return true;
  }

  private Credit refilled(String writer, long nowNanos) {
    Credit credit = credits.computeIfAbsent(writer, _ -> new Credit(nowNanos));
    double given = Math.max(0, nowNanos - credit.sinceNanos) / 1e9 * PER_SECOND;
    credit.sinceNanos = nowNanos;
    credit.left = Math.max(credit.left, Math.min(START, credit.left + given));
    if (credits.size() > MAX_WRITERS) {
      Iterator<String> eldest = credits.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
    return credit;
  }

  /** What was taken led to something that was proved. */
  synchronized void proved(String writer) {
    give(writer, 2);
  }

  /** What was taken was not needed: nothing was opened. */
  synchronized void unused(String writer) {
    give(writer, 1);
  }

  private void give(String writer, int more) {
    Credit credit = credits.get(writer);
    if (credit != null) {
      credit.left = Math.min(MAX, credit.left + more);
    }
  }
}
