package org.interseal.registry;

import org.interseal.service.CommonProblem;
import org.interseal.service.ProblemCode;
import org.springframework.http.HttpStatus;

/** Problems of the authority's interface, listed in docs/reference/problems.md. */
enum RegistryProblem implements ProblemCode {
  APPLICATION_REFUSED(
      "application-refused",
      HttpStatus.UNPROCESSABLE_CONTENT,
      "The application cannot lead to a licence."),
  INSTITUTION_TAKEN(
      "institution-taken",
      HttpStatus.CONFLICT,
      "Another bank is licensed for this institution code."),
  KEY_TAKEN(
      "key-taken",
      HttpStatus.CONFLICT,
      "A key in the application is another's, or an earlier one."),
  TOO_MANY_APPLICATIONS(
      "too-many-applications",
      HttpStatus.TOO_MANY_REQUESTS,
      "Too many applications wait; try again later."),
  APPLICATION_UNKNOWN("application-unknown", HttpStatus.NOT_FOUND, "There is no such application."),
  CHALLENGE_FAILED(
      "challenge-failed",
      HttpStatus.UNPROCESSABLE_CONTENT,
      "The challenge was not opened; apply again."),
  APPLICATION_STATE(
      "application-state",
      HttpStatus.CONFLICT,
      "The application is in a state that does not allow this."),
  BANK_UNKNOWN("bank-unknown", HttpStatus.NOT_FOUND, "No bank has a licence under this code."),
  BANK_ACTIVE(
      "bank-active",
      HttpStatus.CONFLICT,
      "The target bank is active and answers itself; suspend it first."),
  RESOLUTION_CONTRADICTS(
      "resolution-contradicts", HttpStatus.CONFLICT, "The transfer was resolved otherwise before."),
  STORE_UNAVAILABLE(CommonProblem.STORE_UNAVAILABLE),
  JOURNAL_UNAVAILABLE(
      "journal-unavailable",
      HttpStatus.SERVICE_UNAVAILABLE,
      "The decision could not be recorded; nothing was done.");

  private final Definition definition;

  RegistryProblem(String code, HttpStatus status, String title) {
    this.definition = new Definition(code, status, title);
  }

  RegistryProblem(CommonProblem common) {
    this.definition = common.definition();
  }

  @Override
  public Definition definition() {
    return definition;
  }
}
