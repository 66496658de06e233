package org.interseal.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * One piece of work for the writer of a file. Executed inside a transaction, then settled once,
 * after it.
 */
sealed interface Submission {
  int rowCount();

  /** Characters that it holds in memory while it waits. */
  long length();

  InstantSource clock();

  void execute(Session session, WriteTransaction transaction) throws SQLException;

  /** The transaction is durable. */
  void committed();

  /** The transaction certainly did not happen. */
  void failed(String detail);

  /** Nobody knows whether the transaction happened. */
  void unknown(String detail);

  /** Rows for an insert-only table. */
  final class Inserts implements Submission {
    private final TableName table;
    private final AppendSql sql;
    private final List<NewRow> rows;
    private final InstantSource clock;
    private final long length;
    private final List<InsertOutcome> outcomes;
    private final CompletableFuture<List<InsertOutcome>> result = new CompletableFuture<>();

    Inserts(TableName table, AppendSql sql, List<NewRow> rows, InstantSource clock) {
      this.table = table;
      this.sql = sql;
      this.rows = List.copyOf(rows);
      this.clock = clock;
      this.length = this.rows.stream().mapToLong(row -> row.body().length()).sum();
      this.outcomes = new ArrayList<>(this.rows.size());
    }

    CompletableFuture<List<InsertOutcome>> result() {
      return result;
    }

    @Override
    public int rowCount() {
      return rows.size();
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public InstantSource clock() {
      return clock;
    }

    @Override
    public void execute(Session session, WriteTransaction transaction) throws SQLException {
      transaction.beforeInserts(table, sql);
      PreparedStatement insert = session.statement(sql.insert());
      for (NewRow row : rows) {
        insert.setString(1, row.id());
        insert.setString(2, row.stream());
        insert.setString(3, row.body());
        insert.setLong(4, transaction.stamp());
        if (insert.executeUpdate() == 1) {
          transaction.inserted(table, row.stream());
          outcomes.add(new InsertOutcome.Inserted(transaction.stamp()));
        } else {
          outcomes.add(outcomeBeside(existing(session, row.id()), row));
        }
      }
    }

    private Row existing(Session session, String id) throws SQLException {
      PreparedStatement find = session.statement(sql.find());
      find.setString(1, id);
      try (ResultSet result = find.executeQuery()) {
        if (!result.next()) {
          throw new SQLException("a row was neither inserted nor there");
        }
        return Rows.read(result);
      }
    }

    private static InsertOutcome outcomeBeside(Row existing, NewRow row) {
      return existing.stream().equals(row.stream()) && existing.body().equals(row.body())
          ? new InsertOutcome.AlreadyThere(existing.timestampMillis())
          : new InsertOutcome.Occupied(existing);
    }

    @Override
    public void committed() {
      result.complete(List.copyOf(outcomes));
    }

    @Override
    public void failed(String detail) {
      result.complete(Collections.nCopies(rows.size(), new InsertOutcome.Failed(detail)));
    }

    @Override
    public void unknown(String detail) {
      result.complete(Collections.nCopies(rows.size(), new InsertOutcome.Unknown(detail)));
    }
  }

  /** A write to a mutable table; an expected version below 0 stands for an unconditional one. */
  final class MutableWrite implements Submission {
    static final long ANY_VERSION = -1;

    private final MutableSql sql;
    private final String id;
    private final String body;
    private final long expectedVersion;
    private final InstantSource clock;
    private final CompletableFuture<Boolean> result = new CompletableFuture<>();
    private boolean written;

    MutableWrite(
        MutableSql sql, String id, String body, long expectedVersion, InstantSource clock) {
      this.sql = sql;
      this.id = id;
      this.body = body;
      this.expectedVersion = expectedVersion;
      this.clock = clock;
    }

    /** Completes exceptionally with {@link StoreUnavailable} only. */
    CompletableFuture<Boolean> result() {
      return result;
    }

    @Override
    public int rowCount() {
      return 1;
    }

    @Override
    public long length() {
      return body.length();
    }

    @Override
    public InstantSource clock() {
      return clock;
    }

    @Override
    public void execute(Session session, WriteTransaction transaction) throws SQLException {
      boolean create = expectedVersion == 0;
      boolean any = expectedVersion == ANY_VERSION;
      PreparedStatement write =
          session.statement(
              any ? sql.put() : create ? sql.insertIfAbsent() : sql.updateIfVersion());
      write.setString(1, body);
      write.setLong(2, transaction.stamp());
      write.setString(3, id);
      if (!any && !create) {
        write.setLong(4, expectedVersion);
      }
      written = write.executeUpdate() == 1;
      if (written) {
        transaction.changed();
      }
    }

    @Override
    public void committed() {
      result.complete(written);
    }

    @Override
    public void failed(String detail) {
      result.completeExceptionally(new StoreUnavailable("not written: " + detail));
    }

    @Override
    public void unknown(String detail) {
      result.completeExceptionally(new StoreUnavailable("perhaps written: " + detail));
    }
  }

  /** Settled when everything submitted before it is. */
  final class Barrier implements Submission {
    private final CompletableFuture<Boolean> passed = new CompletableFuture<>();
    private final InstantSource clock;

    Barrier(InstantSource clock) {
      this.clock = clock;
    }

    CompletableFuture<Boolean> passed() {
      return passed;
    }

    @Override
    public int rowCount() {
      return 0;
    }

    @Override
    public long length() {
      return 0;
    }

    @Override
    public InstantSource clock() {
      return clock;
    }

    @Override
    public void execute(Session session, WriteTransaction transaction) {}

    @Override
    public void committed() {
      passed.complete(true);
    }

    @Override
    public void failed(String detail) {
      passed.complete(false);
    }

    @Override
    public void unknown(String detail) {
      passed.complete(false);
    }
  }
}
