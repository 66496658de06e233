package org.interseal.bank.inbox;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Submissions that were proved lately and are in hand or consumed: copies of them, which anybody
 * can make from the store, need not be opened. Thread-safe.
 */
final class ProvedSubmissions {
  /** The longest unused is forgotten first; its copies are opened again and found consumed. */
  static final int MAX_REMEMBERED = 50_000;

  private final Map<String, Boolean> ids =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  synchronized void add(String submissionId) {
    ids.put(submissionId, true);
  }

  synchronized boolean contains(String submissionId) {
    return ids.get(submissionId) != null;
  }
}
