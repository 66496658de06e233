package org.interseal.protocol.registry;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps one bad row from being judged and counted each time that it comes. Bounded; forgets the
 * oldest.
 */
final class RecentlyRefused {
  static final int MAX_ROWS = 10_000;

  private final Map<String, Boolean> rows =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MAX_ROWS;
        }
      };

  boolean contains(String row) {
    return rows.containsKey(row);
  }

  /** Whether it is new. */
  boolean add(String row) {
    return rows.put(row, Boolean.TRUE) == null;
  }
}
