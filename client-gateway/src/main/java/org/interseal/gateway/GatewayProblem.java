package org.interseal.gateway;

import org.interseal.service.ProblemCode;
import org.springframework.http.HttpStatus;

/** Problems of this interface, beside the common ones (docs/reference/problems.md). */
enum GatewayProblem implements ProblemCode {
  SIGNATURE_MISSING("signature-missing", HttpStatus.UNAUTHORIZED, "The request is not signed."),
  SIGNATURE_REFUSED(
      "signature-refused", HttpStatus.UNAUTHORIZED, "The request's signature was refused."),
  SIGNATURE_EXPIRED(
      "signature-expired",
      HttpStatus.UNAUTHORIZED,
      "The request's signature is too old, or the clock is wrong."),
  DEVICE_NOT_LINKED(
      "device-not-linked", HttpStatus.FORBIDDEN, "This device is not linked to an account."),
  ORIGIN_NOT_ALLOWED(
      "origin-not-allowed", HttpStatus.FORBIDDEN, "Web pages of this origin may not ask here."),
  ENVELOPE_MALFORMED("envelope-malformed", HttpStatus.BAD_REQUEST, "The body is not an envelope."),
  WRONG_BANK(
      "wrong-bank", HttpStatus.UNPROCESSABLE_CONTENT, "The envelope is not sealed to this bank."),
  CURSOR_MALFORMED(
      "cursor-malformed", HttpStatus.BAD_REQUEST, "The cursor is not one of this interface."),
  UNKNOWN_BANK("unknown-bank", HttpStatus.NOT_FOUND, "No such bank is licensed."),
  RATE_LIMITED("rate-limited", HttpStatus.TOO_MANY_REQUESTS, "Too many requests; try again later."),
  TOO_MANY_STREAMS(
      "too-many-streams", HttpStatus.TOO_MANY_REQUESTS, "Too many event streams are open."),
  BODY_TOO_SLOW(
      "body-too-slow", HttpStatus.REQUEST_TIMEOUT, "The body did not come in time; send it again."),
  OVERLOADED(
      "overloaded", HttpStatus.SERVICE_UNAVAILABLE, "There is too much to do; try again later."),
  OUTCOME_UNKNOWN(
      "outcome-unknown",
      HttpStatus.SERVICE_UNAVAILABLE,
      "Whether the envelope was stored is not known; send the same bytes again."),
  NOT_READY("not-ready", HttpStatus.SERVICE_UNAVAILABLE, "This gateway is still starting.");

  private final Definition definition;

  GatewayProblem(String code, HttpStatus status, String title) {
    this.definition = new Definition(code, status, title);
  }

  @Override
  public Definition definition() {
    return definition;
  }
}
