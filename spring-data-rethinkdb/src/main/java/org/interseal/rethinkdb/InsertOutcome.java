package org.interseal.rethinkdb;

import java.util.List;

/** What became of an insert. */
public sealed interface InsertOutcome {
  /** The server answered for every document, in the order given. */
  record Answered(List<RowOutcome> rows) implements InsertOutcome {
    public Answered {
      rows = List.copyOf(rows);
    }
  }

  /**
   * Nobody knows which of the documents are in the table, or will still get there. RethinkDB 2.4
   * answers so too where a write hook raised an error on any of them: it cannot report on such a
   * row.
   */
  record Unknown(String detail) implements InsertOutcome {}

  /** None of the documents was or will be inserted. */
  record Refused(String detail) implements InsertOutcome {}

  /** What became of one document. */
  sealed interface RowOutcome {
    /**
     * It is in the table, as durable as was asked for; the fields that were asked for, as stored.
     */
    record Inserted(Document stored) implements RowOutcome {}

    /** Another row has the primary key, and was not touched. */
    record Conflict(Document existing) implements RowOutcome {}

    /** It is not in the table: a limit forbade it, such as that of primary keys. */
    record Failed(String error) implements RowOutcome {}
  }
}
