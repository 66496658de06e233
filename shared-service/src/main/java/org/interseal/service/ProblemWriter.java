package org.interseal.service;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.interseal.protocol.json.ProtocolJson;

/** Writes problems from filters, where no message converter is at hand. */
public final class ProblemWriter {
  private ProblemWriter() {}

  /** Whole seconds, rounded up, at least one. */
  public static long retryAfterSeconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }

  /** Does nothing when the response is committed. */
  public static void write(HttpServletResponse response, ProblemException problem)
      throws IOException {
    write(response, problem.code(), problem.detail(), problem.retryAfter());
  }

  /** Does nothing when the response is committed. */
  public static void write(HttpServletResponse response, ProblemCode code, String detail)
      throws IOException {
    write(response, code, detail, Optional.empty());
  }

  private static void write(
      HttpServletResponse response, ProblemCode code, String detail, Optional<Duration> retryAfter)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", code.type().toString());
    body.put("title", code.title());
    body.put("status", code.status().value());
    body.put("detail", detail);
    body.put("code", code.code());
    byte[] json = ProtocolJson.encodeText(body).getBytes(StandardCharsets.UTF_8);
    response.setStatus(code.status().value());
    response.setContentType("application/problem+json");
    response.setHeader("Cache-Control", "no-store");
    retryAfter.ifPresent(
        wait -> response.setHeader("Retry-After", Long.toString(retryAfterSeconds(wait))));
    response.setContentLength(json.length);
    response.getOutputStream().write(json);
  }
}
