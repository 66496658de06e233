package org.interseal.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.interseal.store.MutableTable;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** A mutable table of an SQLite file. */
final class SqliteMutableTable implements MutableTable {
  private static final long MAX_WAIT_SECONDS = 30;

  private final SqliteStore store;
  private final SqliteEngine engine;
  private final MutableSql sql;
  private final InstantSource clock;

  SqliteMutableTable(SqliteStore store, SqliteEngine engine, TableName name, InstantSource clock) {
    this.store = store;
    this.engine = engine;
    this.sql = MutableSql.of(name);
    this.clock = clock;
  }

  @Override
  public Optional<Versioned> find(String id) throws StoreUnavailable {
    store.requireOpen();
    return engine
        .readers()
        .read(session -> {
          PreparedStatement find = session.statement(sql.find());
          find.setString(1, id);
          return read(find).stream().findFirst();
        });
  }

  @Override
  public List<Versioned> all(String prefix) throws StoreUnavailable {
    store.requireOpen();
    return engine
        .readers()
        .read(session -> {
          PreparedStatement all = session.statement(sql.all());
          all.setString(1, prefix);
          all.setString(2, prefix + Rows.AFTER_EVERY_NAME);
          return read(all);
        });
  }

  private static List<Versioned> read(PreparedStatement statement) throws SQLException {
    List<Versioned> values = new ArrayList<>();
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        values.add(
            new Versioned(
                result.getString(1), result.getString(2), result.getLong(3), result.getLong(4)));
      }
    }
    return values;
  }

  @Override
  public void put(String id, String body) throws StoreUnavailable {
    write(id, Submission.MutableWrite.ANY_VERSION, body);
  }

  @Override
  public boolean compareAndSet(String id, long expectedVersion, String body)
      throws StoreUnavailable {
    if (expectedVersion < 0) {
      throw new IllegalArgumentException("version " + expectedVersion);
    }
    return write(id, expectedVersion, body);
  }

  private boolean write(String id, long expectedVersion, String body) throws StoreUnavailable {
    StoreLimits.requireMutableRow(id, body);
    store.requireOpen();
    Submission.MutableWrite write =
        new Submission.MutableWrite(sql, id, body, expectedVersion, clock);
    engine.submit(write);
    try {
      return write.result().get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted", e);
    } catch (TimeoutException e) {
      throw new StoreUnavailable("the writer did not answer in time", e);
    } catch (ExecutionException e) {
      throw new StoreUnavailable(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
    }
  }
}
