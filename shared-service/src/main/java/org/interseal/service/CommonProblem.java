package org.interseal.service;

import org.springframework.http.HttpStatus;

/** Problems that any service may answer with (docs/reference/problems.md). */
public enum CommonProblem implements ProblemCode {
  MALFORMED_REQUEST(
      "malformed-request", HttpStatus.BAD_REQUEST, "The request is not of the documented shape."),
  NOT_AUTHENTICATED(
      "not-authenticated", HttpStatus.UNAUTHORIZED, "Who is asking could not be established."),
  NOT_ALLOWED("not-allowed", HttpStatus.FORBIDDEN, "The caller may not do this."),
  NOT_FOUND("not-found", HttpStatus.NOT_FOUND, "There is nothing here."),
  METHOD_NOT_ALLOWED(
      "method-not-allowed", HttpStatus.METHOD_NOT_ALLOWED, "The method is not known here."),
  NOT_ACCEPTABLE("not-acceptable", HttpStatus.NOT_ACCEPTABLE, "No such representation is served."),
  CONFLICT("conflict", HttpStatus.CONFLICT, "The request contradicts the current state."),
  TOO_LARGE("too-large", HttpStatus.CONTENT_TOO_LARGE, "The request is larger than allowed."),
  UNSUPPORTED_MEDIA_TYPE(
      "unsupported-media-type",
      HttpStatus.UNSUPPORTED_MEDIA_TYPE,
      "The body is of a type that is not read here."),
  TOO_MANY_REQUESTS(
      "too-many-requests", HttpStatus.TOO_MANY_REQUESTS, "Too many requests; try again later."),
  INTERNAL_ERROR(
      "internal-error", HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on this side."),
  UNAVAILABLE("unavailable", HttpStatus.SERVICE_UNAVAILABLE, "Not available now; try again later."),
  STORE_UNAVAILABLE(
      "store-unavailable",
      HttpStatus.SERVICE_UNAVAILABLE,
      "The store does not answer; try again later.");

  private final Definition definition;

  CommonProblem(String code, HttpStatus status, String title) {
    this.definition = new Definition(code, status, title);
  }

  @Override
  public Definition definition() {
    return definition;
  }

  /**
   * The common problem for an HTTP status that no more specific code stands for; the first of
   * several.
   */
  public static CommonProblem ofStatus(int status) {
    for (CommonProblem problem : values()) {
      if (problem.status().value() == status) {
        return problem;
      }
    }
    return status >= 500 ? INTERNAL_ERROR : MALFORMED_REQUEST;
  }
}
