package org.interseal.gateway;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.http.ReceivedRequest;
import org.interseal.protocol.http.RequestVerdict;
import org.interseal.protocol.http.RequestVerifier;
import org.interseal.service.CommonProblem;
import org.interseal.service.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Hands a {@link SignedRequest} to operations that ask for one; all others are not reached. */
final class SignedRequests implements HandlerMethodArgumentResolver {
  private final RequestVerifier verifier;
  private final GatewayMeters meters;

  SignedRequests(RequestVerifier verifier, GatewayMeters meters) {
    this.verifier = verifier;
    this.meters = meters;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == SignedRequest.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest webRequest,
      @Nullable WebDataBinderFactory binderFactory)
      throws IOException {
    HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
    if (request == null) {
      throw new IllegalStateException("not a servlet request");
    }
    SignedRequest.MaxBody maxBody = parameter.getParameterAnnotation(SignedRequest.MaxBody.class);
    return verified(request, maxBody == null ? 0 : maxBody.value());
  }

  private SignedRequest verified(HttpServletRequest request, int maxBodyBytes) throws IOException {
    Bytes body = body(request, maxBodyBytes);
    ReceivedRequest received =
        new ReceivedRequest(
            request.getMethod(),
            request.getRequestURI(),
            request.getQueryString(),
            name -> values(request, name),
            body);
    return switch (verifier.verify(received)) {
      case RequestVerdict.Authentic authentic ->
          new SignedRequest(authentic.deviceId(), body, request.getRemoteAddr());
      case RequestVerdict.Rejected(RequestVerdict.Reason reason) -> {
        meters.signatureRejected(reason);
        throw problem(reason);
      }
    };
  }

  private static List<String> values(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }

  /** The remote side learns what it can mend: nothing, its clock, or its signature. */
  private static ProblemException problem(RequestVerdict.Reason reason) {
    return switch (reason) {
      case MISSING ->
          new ProblemException(
              GatewayProblem.SIGNATURE_MISSING, "Sign the request with the device's request key.");
      case EXPIRED, NOT_YET_VALID ->
          new ProblemException(
              GatewayProblem.SIGNATURE_EXPIRED,
              "Compare the clock with the header Date and sign again.");
      case MALFORMED, WRONG_KEY, WRONG_DIGEST, BAD_SIGNATURE, LIVES_TOO_LONG ->
          new ProblemException(
              GatewayProblem.SIGNATURE_REFUSED, "See the reference on signatures.");
    };
  }

  private static Bytes body(HttpServletRequest request, int maxBytes) throws IOException {
    if (request.getContentLengthLong() > maxBytes) {
      throw tooLarge(maxBytes);
    }
    InputStream in = request.getInputStream();
    byte[] body = in.readNBytes(maxBytes);
    if (body.length == maxBytes && in.read() >= 0) {
      throw tooLarge(maxBytes);
    }
    return Bytes.of(body);
  }

  private static ProblemException tooLarge(int maxBytes) {
    return new ProblemException(
        CommonProblem.TOO_LARGE, "At most " + maxBytes + " bytes of body are read here.");
  }
}
