package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds notices that are not final for a moment, so that one that supersedes them spares their
 * sealing, their row and the customer's attention. Thread-safe.
 *
 * <p>The moment is the configured grace, or somewhat more than final notices have lately been
 * behind, up to a bound: when every answer takes a second, a notice after 300 ms tells nobody
 * anything and only adds to the load.
 *
 * @param <T> what waits
 */
final class NoticeGrace<T> {
  /** The longest grace, whatever answers take. */
  static final long MAX_GRACE_MILLIS = 3_000;

  private static final long MAX_GRACE_NANOS = MAX_GRACE_MILLIS * 1_000_000;

  /** Subjects whose final notice is awaited, for measuring; the oldest are forgotten. */
  private static final int MAX_AWAITED = 20_000;

  /** The newest value is one in so many parts of the running mean. */
  private static final int SMOOTHING = 16;

  private record Key(String deviceId, String subject) {}

  private record Held<T>(T notice, long sinceNanos) {}

  private final long graceNanos;
  private final Map<Key, Held<T>> held = new LinkedHashMap<>();
  private final Map<Key, Long> awaited =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
          return size() > MAX_AWAITED;
        }
      };
  private long typicalNanos;

  NoticeGrace(long graceMillis) {
    this.graceNanos = graceMillis * 1_000_000;
  }

  /** What {@link #offer} decided. */
  record Ruling<T>(List<T> superseded, boolean sendNow) {}

  /**
   * A notice about a subject is due: those before it need not go any more; a final one goes at
   * once.
   */
  synchronized Ruling<T> offer(
      String deviceId, String subject, boolean terminal, T notice, long nowNanos) {
    Key key = new Key(deviceId, subject);
    Held<T> earlier = held.remove(key);
    if (terminal) {
      Long since = awaited.remove(key);
      if (since != null) {
        // An answer after an hour's outage says no more than that it was late.
        typicalNanos += (Math.min(nowNanos - since, MAX_GRACE_NANOS) - typicalNanos) / SMOOTHING;
      }
    } else {
      held.put(key, new Held<>(notice, nowNanos));
      awaited.putIfAbsent(key, nowNanos);
    }
    return new Ruling<>(earlier == null ? List.of() : List.of(earlier.notice()), terminal);
  }

  /** How long a notice waits now. */
  private long waitNanos() {
    return Math.clamp(typicalNanos * 2, graceNanos, Math.max(graceNanos, MAX_GRACE_NANOS));
  }

  /** Those that have waited long enough, in the order in which they came. */
  synchronized List<T> due(long nowNanos) {
    List<T> due = new ArrayList<>();
    long waitNanos = waitNanos();
    // All wait equally long, so the first that is not due ends the search.
    for (Iterator<Held<T>> i = held.values().iterator(); i.hasNext(); ) {
      Held<T> next = i.next();
      if (next.sinceNanos() + waitNanos - nowNanos > 0) {
        break;
      }
      due.add(next.notice());
      i.remove();
    }
    return due;
  }

  /** All of them, now. */
  synchronized List<T> drain() {
    List<T> all = held.values().stream().map(Held::notice).toList();
    held.clear();
    return all;
  }
}
