package org.interseal.rethinkdb;

import org.jspecify.annotations.Nullable;

/**
 * The query was sent and nobody knows what became of it: no answer in time, or the server itself
 * cannot tell.
 */
public final class OutcomeUnknown extends RethinkDbException {
  private static final long serialVersionUID = 1L;

  OutcomeUnknown(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
