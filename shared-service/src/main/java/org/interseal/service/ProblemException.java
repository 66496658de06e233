package org.interseal.service;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with a problem. For the HTTP edge only: use cases return results. It has no stack
 * trace, because a flood of refused requests must stay cheap.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ProblemCode code;
  private final @Nullable Duration retryAfter;

  /** {@code detail} is shown to the caller. */
  public ProblemException(ProblemCode code, String detail) {
    this(code, detail, null);
  }

  /**
   * With a {@code Retry-After} header.
   *
   * @param retryAfter rounded up to whole seconds
   */
  public ProblemException(ProblemCode code, String detail, @Nullable Duration retryAfter) {
    super(detail, null, false, false);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  public ProblemCode code() {
    return code;
  }

  public String detail() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
