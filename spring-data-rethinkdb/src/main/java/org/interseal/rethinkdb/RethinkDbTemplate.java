package org.interseal.rethinkdb;

import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.Table;
import com.rethinkdb.model.OptArgs;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.rethinkdb.RethinkDbObserver.QueryEnd;
import org.jspecify.annotations.Nullable;

/**
 * Runs queries that are built with the terms of the official driver ({@code RethinkDB.r}).
 *
 * <p>Unless told otherwise, reads are majority reads and writes are durable on disk when they are
 * acknowledged ({@link QueryOptions#SAFE}). Nothing is retried once it was sent. Calls block, for
 * no longer than the acquire time-out, trying one idle connection to each server, one round of
 * connecting and the query time-out together, looking up names not counted. Thread-safe.
 */
public final class RethinkDbTemplate {
  private static final int MILLIS_DIGITS = 3;

  private final ConnectionPool pool;

  public RethinkDbTemplate(ConnectionPool pool) {
    this.pool = pool;
  }

  /**
   * The rows of a query; the elements where the result is one array, and one row where it is
   * another value.
   */
  public List<@Nullable Object> rows(ReqlExpr query, QueryOptions options) {
    ServerResponse response = run(query, options);
    if (response.type() == ServerResponse.Type.ATOM
        && !response.rows().isEmpty()
        && response.rows().getFirst() instanceof List<?> array) {
      return new ArrayList<>(array);
    }
    return response.rows();
  }

  /** As {@link #rows}, of objects only. */
  public List<Document> documents(ReqlExpr query, QueryOptions options) {
    return rows(query, options).stream().map(Document::of).toList();
  }

  public List<Document> documents(ReqlExpr query) {
    return documents(query, QueryOptions.SAFE);
  }

  /** The first row of a query, unless there is none or it is null. */
  public Optional<Document> document(ReqlExpr query) {
    return value(query).map(Document::of);
  }

  /** The first value of a query, unless there is none or it is null. */
  public Optional<Object> value(ReqlExpr query, QueryOptions options) {
    List<@Nullable Object> rows = run(query, options).rows();
    return rows.isEmpty() ? Optional.empty() : Optional.ofNullable(rows.getFirst());
  }

  public Optional<Object> value(ReqlExpr query) {
    return value(query, QueryOptions.SAFE);
  }

  /**
   * As {@link InsertQuery} says, with the fields {@code echo} of each new row as the server stored
   * it.
   */
  public InsertOutcome insert(
      Table table,
      List<? extends Map<String, ?>> documents,
      List<String> echo,
      QueryOptions options) {
    var insert = new InsertQuery(table, List.copyOf(documents), List.copyOf(echo));
    if (documents.isEmpty()) {
      return new InsertOutcome.Answered(List.of());
    }
    try {
      return insert.read(run(insert.term(), options).rows());
    } catch (RethinkDbException e) {
      return insert.explain(e);
    }
  }

  public InsertOutcome insert(Table table, Map<String, ?> document) {
    return insert(table, List.of(document), List.of(), QueryOptions.SAFE);
  }

  /** The clock of the node that was asked, in whole milliseconds. */
  public Instant serverTime() {
    Object seconds = value(com.rethinkdb.RethinkDB.r.now().toEpochTime()).orElse(null);
    if (!(seconds instanceof Number number)) {
      throw new IllegalStateException("a time that is no number: " + seconds);
    }
    return Instant.ofEpochMilli(
        new BigDecimal(number.toString())
            .movePointRight(MILLIS_DIGITS)
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact());
  }

  /**
   * Follows a changefeed on a connection and a thread of its own, until the result is closed.
   *
   * @param name of the feed, for metrics and its thread
   * @param changes a query that ends in {@code changes()}
   */
  public Changefeed follow(String name, ReqlExpr changes, ChangefeedListener listener) {
    return Changefeed.start(name, changes, options(QueryOptions.SAFE), listener, pool);
  }

  private ServerResponse run(ReqlExpr query, QueryOptions options) {
    long start = pool.nanoTime();
    Duration timeout = options.timeout().orElse(pool.settings().queryTimeout());
    QueryEnd end = QueryEnd.NOT_SENT;
    try {
      ServerResponse response =
          pool.withConnection(
              connection -> connection.run(query, options(options), options, timeout));
      end = QueryEnd.ANSWERED;
      return response;
    } catch (QueryRefused e) {
      end = QueryEnd.REFUSED;
      throw e;
    } catch (OutcomeUnknown e) {
      end = QueryEnd.UNKNOWN;
      throw e;
    } finally {
      pool.observer().queryEnded(end, Duration.ofNanos(pool.nanoTime() - start));
    }
  }

  private static OptArgs options(QueryOptions options) {
    return new OptArgs()
        .with("read_mode", options.readMode().term())
        .with("durability", options.durability().term());
  }
}
