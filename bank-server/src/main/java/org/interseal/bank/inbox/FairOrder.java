package org.interseal.bank.inbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Lets authors take turns: each in its own order, one group of items at a time. Whoever has much
 * waiting delays others by no more than its own turns. For one thread, but {@link #oldestMillis}.
 *
 * @param <T> what is ordered
 */
final class FairOrder<T> {
  private record Group<T>(List<T> items, long sinceMillis) {}

  private final Map<String, ArrayDeque<Group<T>>> waiting = new LinkedHashMap<>();
  private volatile long oldestMillis = Long.MAX_VALUE;

  /**
   * @param items what is delivered together; not empty
   * @param sinceMillis since when it waits; {@link Long#MAX_VALUE} when that does not count
   */
  void offer(String author, List<T> items, long sinceMillis) {
    waiting
        .computeIfAbsent(author, _ -> new ArrayDeque<>())
        .addLast(new Group<>(List.copyOf(items), sinceMillis));
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The next items, in whole groups, until there are {@code enough}. */
  List<T> take(int enough) {
    List<T> taken = new ArrayList<>();
    while (taken.size() < enough && !waiting.isEmpty()) {
      Iterator<Map.Entry<String, ArrayDeque<Group<T>>>> turn = waiting.entrySet().iterator();
      Map.Entry<String, ArrayDeque<Group<T>>> next = turn.next();
      turn.remove();
      taken.addAll(next.getValue().removeFirst().items());
      if (!next.getValue().isEmpty()) {
        // To the end of the line.
        waiting.put(next.getKey(), next.getValue());
      }
    }
    oldestMillis =
        waiting.values().stream()
            .mapToLong(groups -> groups.getFirst().sinceMillis())
            .min()
            .orElse(Long.MAX_VALUE);
    return taken;
  }

  /** Since when the longest waiting has waited, as of the last {@link #take}. Any thread. */
  OptionalLong oldestMillis() {
    long oldest = oldestMillis;
    return oldest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(oldest);
  }
}
