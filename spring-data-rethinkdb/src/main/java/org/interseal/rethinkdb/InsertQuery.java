package org.interseal.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.interseal.rethinkdb.InsertOutcome.Answered;
import org.interseal.rethinkdb.InsertOutcome.Refused;
import org.interseal.rethinkdb.InsertOutcome.RowOutcome;
import org.interseal.rethinkdb.InsertOutcome.Unknown;
import org.jspecify.annotations.Nullable;

/**
 * An insert that never overwrites, and says of every document what became of it.
 *
 * <p>The server reports conflicts and errors inside a successful answer, per document and in the
 * order given. Where the report does not match the documents, nothing is concluded from it.
 */
record InsertQuery(Table table, List<Map<String, ?>> documents, List<String> echo) {
  private static final String KEY = "id";
  private static final String CONFLICT = "Duplicate primary key";

  /**
   * Rows are not sent back whole, and a row in conflict only once. Nothing in here can fail after
   * the insert.
   */
  ReqlExpr term() {
    Set<String> fields = new LinkedHashSet<>(echo);
    fields.add(KEY);
    Object[] plucked = fields.toArray();
    return table
        .insert(documents)
        .optArg("conflict", "error")
        .optArg("return_changes", "always")
        .merge(result ->
            r.hashMap(
                "changes",
                result
                    .g("changes")
                    .map(change ->
                        r.branch(
                            change.hasFields("error"),
                            change.without("new_val"),
                            r.hashMap("new_val", change.g("new_val").pluck(plucked))))));
  }

  InsertOutcome read(List<@Nullable Object> answer) {
    if (answer.size() != 1
        || !(answer.getFirst() instanceof Map<?, ?> summary)
        || !(summary.get("changes") instanceof List<?> changes)
        || changes.size() != documents.size()) {
      return new Unknown("the server did not report on every document");
    }
    List<RowOutcome> rows = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      Document change = Document.of(changes.get(i));
      Optional<Document> row = change.document("new_val").or(() -> change.document("old_val"));
      Object wanted = documents.get(i).get(KEY);
      if (wanted != null && row.isPresent() && !wanted.equals(row.get().fields().get(KEY))) {
        return new Unknown("the server reported on other rows than were given");
      }
      rows.add(outcome(change));
    }
    return new Answered(rows);
  }

  private static RowOutcome outcome(Document change) {
    if (!change.has("error")) {
      return new RowOutcome.Inserted(change.document("new_val").orElseThrow());
    }
    String error = change.text("error");
    Optional<Document> existing = change.document("old_val");
    return existing.isPresent() && error.startsWith(CONFLICT)
        ? new RowOutcome.Conflict(existing.get())
        : new RowOutcome.Failed(error);
  }

  /** The server splits long inserts, so that an error need not be the answer to the first part. */
  InsertOutcome explain(RethinkDbException failure) {
    String detail = String.valueOf(failure.getMessage());
    return switch (failure) {
      case RethinkDbUnavailable _, AuthenticationRefused _ -> new Refused(detail);
      case OutcomeUnknown _ -> new Unknown(detail);
      case QueryRefused refused ->
          switch (refused.reason()) {
            case MALFORMED, TOO_LARGE -> new Refused(detail);
            case PERMISSION, NOT_FOUND, TABLE_UNAVAILABLE ->
                documents.size() == 1 ? new Refused(detail) : new Unknown(detail);
            case INTERNAL, LIMIT_EXCEEDED, QUERY_LOGIC, RAISED_BY_QUERY -> new Unknown(detail);
          };
    };
  }
}
