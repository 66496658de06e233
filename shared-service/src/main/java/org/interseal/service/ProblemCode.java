package org.interseal.service;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * A stable code for one kind of HTTP error (RFC 9457), listed in docs/reference/problems.md. Codes are never
 * renamed or used for anything else.
 */
public interface ProblemCode {
  String TYPE_PREFIX = "urn:interseal:problem:";

  /** Lower case, words joined by hyphens. */
  String code();

  HttpStatus status();

  /** One short sentence, always the same for this code. */
  String title();

  /** {@code urn:interseal:problem:<code>}. */
  default URI type() {
    return URI.create(TYPE_PREFIX + code());
  }

  /** The problem's body. {@code detail} must hold nothing internal and nothing that the caller sent. */
  default ProblemDetail toProblem(String detail) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status(), detail);
    problem.setType(type());
    problem.setTitle(title());
    problem.setProperty("code", code());
    return problem;
  }
}
