package org.interseal.service;

import org.slf4j.MDC;

/**
 * The log field {@code correlation}: what lines about one thing have in common. At the edge, where
 * nobody can look into an envelope, it is the submission id; at a bank's servers a hash of the
 * payment's UETR. Never a name, an account or an amount. Restores the previous value when closed;
 * for the current thread only.
 */
public final class Correlation implements AutoCloseable {
  public static final String KEY = "correlation";

  /**
   * The log field that names an item of an envelope, on both sides of the store: submission id,
   * slash, index.
   */
  public static final String REFERENCE = "reference";

  private final @org.jspecify.annotations.Nullable String previous;

  private Correlation(@org.jspecify.annotations.Nullable String previous) {
    this.previous = previous;
  }

  /** What a bank's servers call the one item that an envelope of a device or a branch holds. */
  public static String onlyItem(String submissionId) {
    return submissionId + "/0";
  }

  /** Log lines of this thread carry {@code id} until the result is closed. */
  public static Correlation of(String id) {
    Correlation correlation = new Correlation(MDC.get(KEY));
    MDC.put(KEY, id);
    return correlation;
  }

  @Override
  public void close() {
    if (previous == null) {
      MDC.remove(KEY);
    } else {
      MDC.put(KEY, previous);
    }
  }
}
