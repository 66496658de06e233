package org.interseal.service;

import org.slf4j.MDC;

/**
 * The log field {@code correlation}: what the hops of one payment have in common, such as a submission id or
 * the hash of a transfer. Never a name, an account or an amount. Restores the previous value when closed; for
 * the current thread only.
 */
public final class Correlation implements AutoCloseable {
  public static final String KEY = "correlation";

  private final @org.jspecify.annotations.Nullable String previous;

  private Correlation(@org.jspecify.annotations.Nullable String previous) {
    this.previous = previous;
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
