package org.interseal.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.interseal.store.TableName;

/** What one write transaction does, and what it changed. */
final class WriteTransaction {
  /**
   * Rows that this transaction added to a table.
   *
   * @param streams whose rows
   * @param lastRowIdBefore the table's greatest rowid before
   * @param lastRowIdAfter and after; rowids only grow, as rows are never deleted
   */
  record Added(Set<String> streams, long lastRowIdBefore, long lastRowIdAfter) {}

  private final Session session;
  private final long lastStamp;
  private final long stamp;
  private final Map<TableName, Long> rowIdsBefore = new EnumMap<>(TableName.class);
  private final Map<TableName, Set<String>> streams = new EnumMap<>(TableName.class);
  private final Map<TableName, Added> added = new EnumMap<>(TableName.class);
  private boolean changed;

  private WriteTransaction(Session session, long lastStamp, long stamp) {
    this.session = session;
    this.lastStamp = lastStamp;
    this.stamp = stamp;
  }

  /** Executes {@code batch} in the session's open transaction; committing is the caller's. */
  static WriteTransaction execute(Session session, List<Submission> batch) throws SQLException {
    long last = session.queryLong(Schema.LAST_STAMP);
    long now = batch.stream().mapToLong(submission -> submission.clock().millis()).max().orElse(0);
    WriteTransaction transaction = new WriteTransaction(session, last, Math.max(now, last + 1));
    for (Submission submission : batch) {
      submission.execute(session, transaction);
    }
    transaction.finish();
    return transaction;
  }

  private void finish() throws SQLException {
    if (!changed) {
      return;
    }
    PreparedStatement setLast = session.statement(Schema.SET_LAST_STAMP);
    setLast.setLong(1, stamp);
    setLast.executeUpdate();
    for (Map.Entry<TableName, Set<String>> entry : streams.entrySet()) {
      TableName table = entry.getKey();
      long before = rowIdsBefore.getOrDefault(table, 0L);
      long after = session.queryLong(AppendSql.of(table).lastRowId());
      added.put(table, new Added(entry.getValue(), before, after));
    }
  }

  /** Must be called before the first insert into a table. */
  void beforeInserts(TableName table, AppendSql sql) throws SQLException {
    if (!rowIdsBefore.containsKey(table)) {
      rowIdsBefore.put(table, session.queryLong(sql.lastRowId()));
    }
  }

  void inserted(TableName table, String stream) {
    changed = true;
    streams.computeIfAbsent(table, key -> new HashSet<>()).add(stream);
  }

  void changed() {
    changed = true;
  }

  /**
   * The stamp of everything that this transaction writes, greater than every earlier one in the
   * file.
   */
  long stamp() {
    return stamp;
  }

  /** The file's last stamp when this transaction began. */
  long lastStampBefore() {
    return lastStamp;
  }

  /** The file's last stamp when this transaction is committed. */
  long lastStampAfter() {
    return changed ? stamp : lastStamp;
  }

  Map<TableName, Added> added() {
    return added;
  }
}
