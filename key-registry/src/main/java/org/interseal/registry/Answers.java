package org.interseal.registry;

import java.time.Duration;
import org.interseal.service.ProblemException;

/** Turns what was decided into what HTTP says. */
final class Answers {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private Answers() {}

  static <T> T valueOrProblem(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T> done -> done.value();
      case Outcome.Refused<T> refused -> throw problem(refused.problem(), refused.detail());
    };
  }

  private static ProblemException problem(RegistryProblem problem, String detail) {
    return switch (problem) {
      case TOO_MANY_APPLICATIONS, STORE_UNAVAILABLE ->
          new ProblemException(problem, detail, RETRY_AFTER);
      case APPLICATION_REFUSED,
          INSTITUTION_TAKEN,
          KEY_TAKEN,
          APPLICATION_UNKNOWN,
          CHALLENGE_FAILED,
          APPLICATION_STATE,
          BANK_UNKNOWN,
          BANK_ACTIVE,
          RESOLUTION_CONTRADICTS,
          JOURNAL_UNAVAILABLE ->
          new ProblemException(problem, detail);
    };
  }
}
