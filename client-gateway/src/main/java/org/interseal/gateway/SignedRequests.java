package org.interseal.gateway;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.http.ReceivedRequest;
import org.interseal.protocol.http.RequestVerdict;
import org.interseal.protocol.http.RequestVerifier;
import org.interseal.protocol.http.SignatureForm;
import org.interseal.service.CommonProblem;
import org.interseal.service.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Hands a {@link SignedRequest} to operations that ask for one; all others are not reached.
 *
 * <p>A body is read as far as there is memory for it and its device's share allows, in bounded
 * time, and what it takes is given back when the request is answered.
 */
final class SignedRequests implements HandlerMethodArgumentResolver, HandlerInterceptor {
  private final RequestVerifier verifier;

  /** Holds what the request took of the memory for envelopes, until it is answered. */
  private static final String LEASE = SignedRequests.class.getName() + ".lease";

  private static final int CHUNK_BYTES = 16 * 1024;

  private final GatewayMeters meters;
  private final Admission admission;
  private final EnvelopeMemory memory;
  private final long bodyTimeoutNanos;
  private final LongSupplier nanoTime;

  SignedRequests(
      RequestVerifier verifier,
      GatewayMeters meters,
      Admission admission,
      EnvelopeMemory memory,
      Duration bodyTimeout,
      LongSupplier nanoTime) {
    this.verifier = verifier;
    this.meters = meters;
    this.admission = admission;
    this.memory = memory;
    this.bodyTimeoutNanos = bodyTimeout.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Gives back what the request took, once it is answered. */
  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    if (request.getAttribute(LEASE) instanceof EnvelopeMemory.Lease lease) {
      lease.close();
    }
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
    Bytes body = maxBodyBytes == 0 ? noBody(request) : body(request, maxBodyBytes);
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

  private static Bytes noBody(HttpServletRequest request) throws IOException {
    if (request.getContentLengthLong() > 0 || request.getInputStream().read() >= 0) {
      throw tooLarge(0);
    }
    return Bytes.of(new byte[0]);
  }

  private Bytes body(HttpServletRequest request, int maxBytes) {
    if (request.getContentLengthLong() > maxBytes) {
      throw tooLarge(maxBytes);
    }
    String claimed = RequestVerifier.claimedDevice(request.getHeader(SignatureForm.KEY)).orElse("");
    EnvelopeMemory.Lease lease = memory.lease(claimed, admission.claimsLinked(claimed));
    request.setAttribute(LEASE, lease);
    try {
      return read(request.getInputStream(), maxBytes, lease);
    } catch (IOException e) {
      if (e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException) {
        throw tooSlow();
      }
      // The connection is gone: nobody reads the answer, and it is no defect of ours.
      throw new ProblemException(CommonProblem.MALFORMED_REQUEST, "The body ended early.");
    }
  }

  private Bytes read(InputStream in, int maxBytes, EnvelopeMemory.Lease lease) throws IOException {
    long deadline = nanoTime.getAsLong() + bodyTimeoutNanos;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] chunk = new byte[Math.min(CHUNK_BYTES, maxBytes + 1)];
    for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
      if (body.size() + read > maxBytes) {
        throw tooLarge(maxBytes);
      }
      if (nanoTime.getAsLong() - deadline > 0) {
        throw tooSlow();
      }
      lease.grow(read);
      body.write(chunk, 0, read);
    }
    return Bytes.of(body.toByteArray());
  }

  private static ProblemException tooSlow() {
    return new ProblemException(
        GatewayProblem.BODY_TOO_SLOW, "A body has to come in one go.", Duration.ofSeconds(1));
  }

  private static ProblemException tooLarge(int maxBytes) {
    return new ProblemException(
        CommonProblem.TOO_LARGE, "At most " + maxBytes + " bytes of body are read here.");
  }
}
