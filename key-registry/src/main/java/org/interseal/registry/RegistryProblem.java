package org.interseal.registry;

import org.interseal.service.ProblemCode;
import org.springframework.http.HttpStatus;

/** Problems of the authority's interface, listed in docs/reference/registry.md. */
enum RegistryProblem implements ProblemCode {
  APPLICATION_REFUSED(
      "application-refused", HttpStatus.UNPROCESSABLE_CONTENT, "The application cannot lead to a licence."),
  INSTITUTION_TAKEN(
      "institution-taken", HttpStatus.CONFLICT, "Another bank is licensed for this institution code."),
  KEY_TAKEN("key-taken", HttpStatus.CONFLICT, "A key in the application is another's, or an earlier one."),
  TOO_MANY_APPLICATIONS(
      "too-many-applications", HttpStatus.TOO_MANY_REQUESTS, "Too many applications wait; try again later."),
  APPLICATION_UNKNOWN("application-unknown", HttpStatus.NOT_FOUND, "There is no such application."),
  CHALLENGE_FAILED(
      "challenge-failed", HttpStatus.UNPROCESSABLE_CONTENT, "The challenge was not opened; apply again."),
  APPLICATION_STATE(
      "application-state", HttpStatus.CONFLICT, "The application is in a state that does not allow this."),
  BANK_UNKNOWN("bank-unknown", HttpStatus.NOT_FOUND, "No bank has a licence under this code."),
  BANK_ACTIVE("bank-active", HttpStatus.CONFLICT, "The target bank is active and answers itself; suspend it first."),
  RESOLUTION_CONTRADICTS(
      "resolution-contradicts", HttpStatus.CONFLICT, "The transfer was resolved otherwise before."),
  STORE_UNAVAILABLE(
      "store-unavailable", HttpStatus.SERVICE_UNAVAILABLE, "The shared store does not answer; try again later."),
  JOURNAL_UNAVAILABLE(
      "journal-unavailable", HttpStatus.SERVICE_UNAVAILABLE, "The decision could not be recorded; nothing was done.");

  private final String code;
  private final HttpStatus status;
  private final String title;

  RegistryProblem(String code, HttpStatus status, String title) {
    this.code = code;
    this.status = status;
    this.title = title;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public HttpStatus status() {
    return status;
  }

  @Override
  public String title() {
    return title;
  }
}
