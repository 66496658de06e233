package org.interseal.store;

/** What became of one row of an insert. */
public sealed interface InsertOutcome {
  /** The row is durable with this stamp. */
  record Inserted(long timestampMillis) implements InsertOutcome {}

  /** The very same stream and body stood there already, stamped then. */
  record AlreadyThere(long timestampMillis) implements InsertOutcome {}

  /** The id is taken by other content. */
  record Occupied(Row existing) implements InsertOutcome {}

  /** Nobody knows whether it happened. Only the same bytes may be tried at that id. */
  record Unknown(String detail) implements InsertOutcome {}

  /** It certainly did not happen (refused before sending, permission, limits). */
  record Failed(String detail) implements InsertOutcome {}
}
