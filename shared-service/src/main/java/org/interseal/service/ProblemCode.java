package org.interseal.service;

import com.google.errorprone.annotations.Immutable;
import java.net.URI;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * A stable code for one kind of HTTP error (RFC 9457), listed in docs/reference/problems.md. Codes
 * are never renamed or used for anything else.
 */
public interface ProblemCode {
  String TYPE_PREFIX = "urn:interseal:problem:";

  /**
   * What a code stands for.
   *
   * @param code lower case, words joined by hyphens
   * @param title one short sentence, always the same for this code
   */
  @Immutable
  record Definition(String code, HttpStatus status, String title) {
    private static final Pattern CODE = Pattern.compile("[a-z]+(-[a-z]+)*");

    public Definition {
      if (!CODE.matcher(code).matches()) {
        throw new IllegalArgumentException("a code of another shape: " + code);
      }
    }
  }

  Definition definition();

  default String code() {
    return definition().code();
  }

  default HttpStatus status() {
    return definition().status();
  }

  default String title() {
    return definition().title();
  }

  /** {@code urn:interseal:problem:<code>}. */
  default URI type() {
    return URI.create(TYPE_PREFIX + code());
  }

  /**
   * The problem's body. {@code detail} must hold nothing internal and nothing that the caller sent.
   */
  default ProblemDetail toProblem(String detail) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status(), detail);
    problem.setType(type());
    problem.setTitle(title());
    problem.setProperty("code", code());
    return problem;
  }
}
