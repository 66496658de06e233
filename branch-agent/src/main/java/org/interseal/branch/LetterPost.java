package org.interseal.branch;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Puts sealed letters where the bank reads. */
@FunctionalInterface
interface LetterPost {
  /**
   * Whether each letter is durably there, in the same order. A letter that was there already
   * counts. Never completes exceptionally for an operating error: that is {@code false}, and the
   * same bytes may be posted again at any time.
   */
  CompletableFuture<List<Boolean>> post(List<String> envelopes);
}
