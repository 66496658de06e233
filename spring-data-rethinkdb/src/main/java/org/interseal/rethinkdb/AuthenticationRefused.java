package org.interseal.rethinkdb;

import org.jspecify.annotations.Nullable;

/**
 * The server does not accept this user and password, or could not prove that it knows them. Nothing
 * was sent.
 */
public final class AuthenticationRefused extends RethinkDbException {
  private static final long serialVersionUID = 1L;

  AuthenticationRefused(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
