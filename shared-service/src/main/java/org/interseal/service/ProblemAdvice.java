package org.interseal.service;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Turns every exception of a controller into a problem with a stable code. Messages of exceptions
 * are never shown: they may quote what the caller sent or how we work.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final String SEE_REFERENCE = "See the reference of this interface.";

  @ExceptionHandler
  ResponseEntity<ProblemDetail> problem(ProblemException problem) {
    ResponseEntity.BodyBuilder response =
        ResponseEntity.status(problem.code().status())
            .contentType(MediaType.APPLICATION_PROBLEM_JSON)
            .header(HttpHeaders.CACHE_CONTROL, "no-store");
    problem
        .retryAfter()
        .ifPresent(wait ->
            response.header(
                HttpHeaders.RETRY_AFTER, Long.toString(ProblemWriter.retryAfterSeconds(wait))));
    return response.body(problem.code().toProblem(problem.detail()));
  }

  /** Left to the security filters, which know whether to ask for credentials. */
  @ExceptionHandler
  void security(AccessDeniedException e) {
    throw e;
  }

  @ExceptionHandler
  void security(AuthenticationException e) {
    throw e;
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> bug(Exception e) {
    LOG.error("request failed", e);
    return ResponseEntity.internalServerError()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(CommonProblem.INTERNAL_ERROR.toProblem("The failure was logged."));
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception e,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    CommonProblem problem = CommonProblem.ofStatus(status.value());
    HttpHeaders problemHeaders = new HttpHeaders(headers);
    problemHeaders.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    return super.handleExceptionInternal(
        e, problem.toProblem(SEE_REFERENCE), problemHeaders, problem.status(), request);
  }
}
