package org.interseal.client;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Envelope;
import org.interseal.protocol.http.RequestSigner;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The calls of a gateway's REST interface (docs/reference/rest-api.md). Every answer is bounded in
 * size and time, and nothing in it is believed here.
 */
final class GatewayApi {
  /** Longest wait for an answer, beyond what the gateway was asked to hold the call. */
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

  private static final long MAX_BODY_BYTES = 64L * 1024 * 1024;
  private static final int MAX_EVENT_BYTES = 2 * Envelope.MAX_LENGTH;

  /** Members that a later gateway adds are passed over. */
  private static final JsonMapper LENIENT =
      ProtocolJson.mapper()
          .rebuild()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final ClientRuntime runtime;

  GatewayApi(ClientRuntime runtime) {
    this.runtime = runtime;
  }

  /** Signs the requests of one device. */
  RequestSigner signer(DeviceKeyRing keys) {
    return new RequestSigner(keys.request(), runtime.clock(), runtime.random());
  }

  /** The gateway's bank; unproved. */
  CompletableFuture<Attempt<RestApi.OwnBankDocument>> bank(URI gateway) {
    return send(
        request(gateway, RestApi.BANK, null, ANSWER_LIMIT).GET(), RestApi.OwnBankDocument.class);
  }

  /** A page of the federation's banks; unproved. */
  CompletableFuture<Attempt<RestApi.BankPage>> banks(URI gateway, String after) {
    String query = after.isEmpty() ? null : "after=" + encoded(after);
    return send(request(gateway, RestApi.BANKS, query, ANSWER_LIMIT).GET(), RestApi.BankPage.class);
  }

  /**
   * Submits an envelope.
   *
   * @param path {@link RestApi#MESSAGES}, or {@link RestApi#ACTIVATIONS} for a device that is not
   *     linked yet
   * @param wait how long the gateway may hold the call for the answer
   */
  CompletableFuture<Attempt<RestApi.Submission>> submit(
      URI gateway, String path, RequestSigner signer, String envelope, Duration wait) {
    long seconds = Math.min(RestApi.MAX_WAIT_SECONDS, wait.toSeconds());
    String query = seconds > 0 ? "wait=" + seconds : null;
    byte[] body = envelope.getBytes(StandardCharsets.US_ASCII);
    HttpRequest.Builder request =
        request(gateway, path, query, ANSWER_LIMIT.plusSeconds(Math.max(0, seconds)))
            .header("Content-Type", RestApi.ENVELOPE_TYPE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    sign(request, signer.sign("POST", path(gateway, path), query, Bytes.of(body)));
    return send(request, RestApi.Submission.class);
  }

  /** A page of the device's mailbox; unproved. */
  CompletableFuture<Attempt<RestApi.MailboxPage>> mailbox(
      URI gateway, RequestSigner signer, @Nullable String cursor, int limit) {
    String query = "limit=" + limit + (cursor == null ? "" : "&after=" + encoded(cursor));
    HttpRequest.Builder request = request(gateway, RestApi.MAILBOX, query, ANSWER_LIMIT).GET();
    sign(request, signer.sign("GET", path(gateway, RestApi.MAILBOX), query, null));
    return send(request, RestApi.MailboxPage.class);
  }

  /**
   * Opens a stream of mailbox items.
   *
   * @param handler handles an item and the place to resume at after it; the next is read when it is
   *     done
   * @param over runs once, when the stream has ended or never began
   */
  EventStream events(
      URI gateway,
      RequestSigner signer,
      @Nullable String cursor,
      BiFunction<RestApi.Item, String, CompletableFuture<Void>> handler,
      Consumer<Attempt<Boolean>> over) {
    String query = cursor == null ? null : "after=" + encoded(cursor);
    HttpRequest.Builder request =
        request(gateway, RestApi.MAILBOX_EVENTS, query, ANSWER_LIMIT)
            .header("Accept", "text/event-stream")
            .GET();
    sign(request, signer.sign("GET", path(gateway, RestApi.MAILBOX_EVENTS), query, null));
    EventStream events =
        new EventStream(MAX_EVENT_BYTES, runtime.clock(), event -> event(event, handler));
    CompletableFuture<Attempt<Boolean>> outcome = new CompletableFuture<>();
    var _ =
        runtime
            .http()
            .sendAsync(
                request.build(),
                info ->
                    info.statusCode() == 200
                        ? HttpResponse.BodySubscribers.fromSubscriber(events)
                        : HttpResponse.BodySubscribers.<Void>replacing(null))
            .whenComplete(
                (response, failure) -> outcome.complete(ended(events, response, failure)));
    // A stream that we cancel ends without the response ever completing.
    var _ = events.ended().thenRun(() -> outcome.complete(new Attempt.Succeeded<>(true)));
    var _ = outcome.thenAcceptAsync(over, runtime.executor());
    return events;
  }

  private static Attempt<Boolean> ended(
      EventStream events, @Nullable HttpResponse<Void> response, @Nullable Throwable failure) {
    if (events.began()) {
      events.cancel();
      return new Attempt.Succeeded<>(true);
    }
    if (response == null) {
      return unknown(failure == null ? new IOException() : failure);
    }
    return refusal(response.statusCode(), "", retryAfter(response));
  }

  private static CompletableFuture<Void> event(
      EventStream.Event event, BiFunction<RestApi.Item, String, CompletableFuture<Void>> handler) {
    RestApi.Item item;
    try {
      item = LENIENT.readValue(event.data(), RestApi.Item.class);
    } catch (JacksonException | IllegalArgumentException e) {
      // Not an item, or not one that can be read; the cursor does not pass it, so a poll finds what
      // it was.
      return CompletableFuture.completedFuture(null);
    }
    return item == null
        ? CompletableFuture.completedFuture(null)
        : handler.apply(item, event.id().orElse(item.cursor()));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** The path as it will stand in the request line: a gateway may be behind a prefix. */
  private static String path(URI gateway, String path) {
    String prefix = gateway.getRawPath();
    if (prefix == null || prefix.isEmpty() || prefix.equals("/")) {
      return path;
    }
    return (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix) + path;
  }

  private static HttpRequest.Builder request(
      URI gateway, String path, @Nullable String query, Duration limit) {
    String target = path(gateway, path) + (query == null ? "" : "?" + query);
    return HttpRequest.newBuilder(gateway.resolve(target)).timeout(limit);
  }

  private static void sign(HttpRequest.Builder request, Map<String, String> headers) {
    headers.forEach(request::header);
  }

  private <T> CompletableFuture<Attempt<T>> send(HttpRequest.Builder request, Class<T> type) {
    return runtime.limited(() ->
        runtime
            .http()
            .sendAsync(
                request.build(),
                HttpResponse.BodyHandlers.limiting(
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_BODY_BYTES))
            .handle((response, failure) ->
                failure != null ? unknown(failure) : decoded(response, type)));
  }

  private static <T> Attempt<T> decoded(HttpResponse<String> response, Class<T> type) {
    int status = response.statusCode();
    if (status != 200 && status != 202) {
      return refusal(status, response.body(), retryAfter(response));
    }
    T value = read(response.body(), type);
    // A gateway that answers nonsense; another one may not.
    return value == null
        ? new Attempt.TryAgain<>("an answer that cannot be read", Optional.empty())
        : new Attempt.Succeeded<>(value);
  }

  private static <T> @Nullable T read(String body, Class<T> type) {
    try {
      return LENIENT.readValue(body, type);
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      return null;
    }
  }

  private static <T> Attempt<T> refusal(int status, String body, Optional<Duration> retryAfter) {
    boolean passing = status >= 500 || status == 429 || status == 408 || status == 425;
    if (passing) {
      return new Attempt.TryAgain<>("status " + status, retryAfter);
    }
    RestApi.Problem problem = read(body, RestApi.Problem.class);
    String code = problem == null ? null : problem.code();
    return new Attempt.Refused<>(status, code == null ? "" : code);
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("[0-9]{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }

  private static <T> Attempt<T> unknown(Throwable failure) {
    return new Attempt.TryAgain<>(
        ClientRuntime.cause(failure).getClass().getSimpleName(), Optional.empty());
  }
}
