package org.interseal.branch;

import org.interseal.service.ProblemCode;
import org.springframework.http.HttpStatus;

/** Problems of the tellers' interface, beside the common ones (docs/reference/problems.md). */
enum BranchProblem implements ProblemCode {
  REFUSED_BY_BANK(
      "refused-by-bank", HttpStatus.UNPROCESSABLE_CONTENT, "The bank refused the request."),
  REQUEST_EXPIRED("request-expired", HttpStatus.GONE, "The request expired without an answer."),
  IDEMPOTENCY_KEY_REUSED(
      "idempotency-key-reused", HttpStatus.CONFLICT, "The idempotency key names another request."),
  BRANCH_BUSY(
      "branch-busy", HttpStatus.SERVICE_UNAVAILABLE, "The branch takes no more requests just now."),
  INVALID_REQUEST(
      "invalid-request", HttpStatus.BAD_REQUEST, "A value of the request is not allowed.");

  private final Definition definition;

  BranchProblem(String code, HttpStatus status, String title) {
    this.definition = new Definition(code, status, title);
  }

  @Override
  public Definition definition() {
    return definition;
  }
}
