package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds notices that are not final for a moment, so that one that supersedes them spares their sealing, their row
 * and the customer's attention. Thread-safe.
 *
 * @param <T> what waits
 */
final class NoticeGrace<T> {
  private record Key(String deviceId, String subject) {}

  private record Held<T>(T notice, long dueNanos) {}

  private final long graceNanos;
  private final Map<Key, Held<T>> held = new LinkedHashMap<>();

  NoticeGrace(long graceMillis) {
    this.graceNanos = graceMillis * 1_000_000;
  }

  /** What {@link #offer} decided. */
  record Ruling<T>(List<T> superseded, boolean sendNow) {}

  /** A notice about a subject is due: those before it need not go any more; a final one goes at once. */
  synchronized Ruling<T> offer(String deviceId, String subject, boolean terminal, T notice, long nowNanos) {
    Key key = new Key(deviceId, subject);
    Held<T> earlier = held.remove(key);
    if (!terminal) {
      held.put(key, new Held<>(notice, nowNanos + graceNanos));
    }
    return new Ruling<>(earlier == null ? List.of() : List.of(earlier.notice()), terminal);
  }

  /** How many wait. */
  synchronized int size() {
    return held.size();
  }

  /**
   * Those that have waited long enough, in the order in which they came.
   *
   * @param extraMillis how much longer than usual they are to wait
   */
  synchronized List<T> due(long nowNanos, long extraMillis) {
    List<T> due = new ArrayList<>();
    // All wait equally long, so the first that is not due ends the search.
    for (Iterator<Held<T>> i = held.values().iterator(); i.hasNext(); ) {
      Held<T> next = i.next();
      if (next.dueNanos() + extraMillis * 1_000_000 - nowNanos > 0) {
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
