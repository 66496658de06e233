package org.interseal.branch;

import org.interseal.service.ProblemCode;
import org.springframework.http.HttpStatus;

/** Problems of the tellers' interface. */
enum BranchProblem implements ProblemCode {
  REFUSED_BY_BANK("refused-by-bank", HttpStatus.UNPROCESSABLE_CONTENT, "The bank refused the request."),
  REQUEST_EXPIRED("request-expired", HttpStatus.GONE, "The request expired without an answer."),
  IDEMPOTENCY_KEY_REUSED(
      "idempotency-key-reused", HttpStatus.CONFLICT, "The idempotency key names another request."),
  BRANCH_BUSY("branch-busy", HttpStatus.SERVICE_UNAVAILABLE, "The branch takes no more requests just now."),
  INVALID_REQUEST("invalid-request", HttpStatus.BAD_REQUEST, "A value of the request is not allowed.");

  private final String code;
  private final HttpStatus status;
  private final String title;

  BranchProblem(String code, HttpStatus status, String title) {
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
