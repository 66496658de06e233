package org.interseal.rethinkdb;

import org.jspecify.annotations.Nullable;

/** No connection could be had in time. Nothing was sent. */
public final class RethinkDbUnavailable extends RethinkDbException {
  private static final long serialVersionUID = 1L;

  RethinkDbUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
