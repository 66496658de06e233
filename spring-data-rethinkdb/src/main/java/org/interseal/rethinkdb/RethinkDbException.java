package org.interseal.rethinkdb;

import org.jspecify.annotations.Nullable;

/** A query had no result. Which case it is says what is known about its effect. */
public abstract sealed class RethinkDbException extends RuntimeException
    permits RethinkDbUnavailable, AuthenticationRefused, QueryRefused, OutcomeUnknown {
  private static final long serialVersionUID = 1L;

  RethinkDbException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
