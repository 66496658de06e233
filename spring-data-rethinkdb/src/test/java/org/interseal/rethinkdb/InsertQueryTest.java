package org.interseal.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.interseal.rethinkdb.InsertOutcome.Answered;
import org.interseal.rethinkdb.InsertOutcome.Refused;
import org.interseal.rethinkdb.InsertOutcome.RowOutcome.Conflict;
import org.interseal.rethinkdb.InsertOutcome.RowOutcome.Failed;
import org.interseal.rethinkdb.InsertOutcome.RowOutcome.Inserted;
import org.interseal.rethinkdb.InsertOutcome.Unknown;
import org.interseal.rethinkdb.QueryRefused.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InsertQueryTest {
  private static final Map<String, ?> A = Map.of("id", "a");
  private static final Map<String, ?> B = Map.of("id", "b");
  private static final Map<String, ?> C = Map.of("id", "c");

  @Test
  void tellsInsertedConflictAndFailedApart() {
    var outcome =
        insert(List.of(A, B, C))
            .read(
                answer(
                    Map.of("new_val", A),
                    Map.of("old_val", B, "error", "Duplicate primary key `id`:\n..."),
                    Map.of("error", "the hook says no")));
    assertThat(outcome)
        .isEqualTo(
            new Answered(
                List.of(
                    new Inserted(Document.of(A)),
                    new Conflict(Document.of(B)),
                    new Failed("the hook says no"))));
  }

  @Test
  void concludesNothingFromAReportThatDoesNotMatch() {
    assertThat(insert(List.of(A, B)).read(answer(Map.of("new_val", A))))
        .isInstanceOf(Unknown.class);
    assertThat(insert(List.of(A)).read(answer(Map.of("new_val", B)))).isInstanceOf(Unknown.class);
    assertThat(insert(List.of(A)).read(List.of())).isInstanceOf(Unknown.class);
    assertThat(insert(List.of(A)).read(List.of(Map.of("inserted", 1L))))
        .isInstanceOf(Unknown.class);
  }

  @Test
  void takesAnotherErrorOnAnExistingRowForNoConflict() {
    assertThat(insert(List.of(A)).read(answer(Map.of("old_val", A, "error", "the hook says no"))))
        .isEqualTo(new Answered(List.of(new Failed("the hook says no"))));
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"PERMISSION", "NOT_FOUND", "TABLE_UNAVAILABLE"})
  void knowsOnlyOfASingleDocumentThatAnErrorCameBeforeIt(Reason reason) {
    assertThat(insert(List.of(A)).explain(new QueryRefused(reason, "no")))
        .isEqualTo(new Refused("no"));
    assertThat(insert(List.of(A, B)).explain(new QueryRefused(reason, "no")))
        .isEqualTo(new Unknown("no"));
  }

  @Test
  void knowsThatWhatWasNotSentDidNotHappen() {
    assertThat(insert(List.of(A, B)).explain(new RethinkDbUnavailable("down", null)))
        .isEqualTo(new Refused("down"));
    assertThat(insert(List.of(A, B)).explain(new QueryRefused(Reason.TOO_LARGE, "big")))
        .isEqualTo(new Refused("big"));
    assertThat(insert(List.of(A)).explain(new OutcomeUnknown("cut", null)))
        .isEqualTo(new Unknown("cut"));
  }

  private static InsertQuery insert(List<Map<String, ?>> documents) {
    return new InsertQuery(r.table("t"), documents, List.of());
  }

  private static List<@Nullable Object> answer(Object... changes) {
    return List.of(Map.of("changes", List.of(changes)));
  }
}
