package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rethinkdb.ast.ReqlAst;
import com.rethinkdb.gen.ast.ReqlExpr;
import org.interseal.rethinkdb.Document;
import org.interseal.rethinkdb.QueryOptions;
import org.interseal.rethinkdb.QueryRefused;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.InsertOutcome;

/** What it looks like when somebody may not. */
final class Refusals {
  private Refusals() {}

  /** The server calls some of these an internal error, so that only its words count. */
  static void assertForbidden(RethinkDbTemplate user, ReqlExpr query) {
    assertThatThrownBy(() -> user.rows(query, QueryOptions.SAFE))
        .as(((ReqlAst) query).toString())
        .isInstanceOf(QueryRefused.class)
        .hasMessageContaining("does not have the required");
  }

  /** The user may write the table, but its write hook says no. */
  static void assertRefusedByHook(RethinkDbTemplate user, ReqlExpr write) {
    Document result = user.document(write).orElseThrow();
    assertThat(result.number("errors")).as(((ReqlAst) write).toString()).isPositive();
    assertThat(result.text("first_error")).contains("Error in write hook");
    assertThat(result.number("inserted") + result.number("replaced") + result.number("deleted"))
        .isZero();
  }

  static void assertNotPermitted(InsertOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            InsertOutcome.Failed.class,
            failed -> assertThat(failed.detail()).contains("does not have the required"));
  }
}
