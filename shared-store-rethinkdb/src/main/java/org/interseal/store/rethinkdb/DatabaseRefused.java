package org.interseal.store.rethinkdb;

/** The database is not what it should be: another kind, another version of the schema, or none. */
public final class DatabaseRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseRefused(String message) {
    super(message);
  }
}
