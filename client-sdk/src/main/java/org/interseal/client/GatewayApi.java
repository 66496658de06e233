package org.interseal.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Envelope;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a gateway's REST interface (docs/reference/rest-api.md). Every answer is bounded in size and time, and
 * nothing in it is believed here.
 */
final class GatewayApi {
  /** Longest wait for an answer, beyond what the gateway was asked to hold the call. */
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

  /** Longest time that a gateway is asked to hold a call. */
  static final Duration MAX_WAIT = Duration.ofSeconds(30);

  private static final long MAX_BODY_BYTES = 64L * 1024 * 1024;
  private static final int MAX_EVENT_BYTES = 2 * Envelope.MAX_LENGTH;

  private final ClientRuntime runtime;

  GatewayApi(ClientRuntime runtime) {
    this.runtime = runtime;
  }

  /** What GET /v1/bank serves; unproved. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record BankDocument(BankId bank, Bytes rootCertificate, List<String> records) {}

  /**
   * One item of a mailbox; unproved.
   *
   * @param inReplyTo the submission that it answers, or none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Item(@Nullable String cursor, @Nullable String inReplyTo, String envelope) {
    Optional<String> place() {
      return Optional.ofNullable(cursor);
    }
  }

  /** A page of a mailbox. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record PageDocument(List<Item> items, @Nullable String next, boolean more) {}

  /** A page of a mailbox; {@code next} is where to go on. */
  record Page(List<Item> items, Optional<String> next, boolean more) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Problem(@Nullable String code) {}

  CompletableFuture<Attempt<BankDocument>> bank(URI gateway) {
    HttpRequest.Builder request = request(gateway, "/v1/bank", ANSWER_LIMIT).GET();
    return send(request, (status, body) -> ProtocolJson.decode(body, BankDocument.class));
  }

  /**
   * Submits an envelope; present when the answer came along.
   *
   * @param wait how long the gateway may hold the call
   */
  CompletableFuture<Attempt<Optional<Item>>> submit(
      URI gateway, DeviceKeyRing keys, String envelope, Duration wait) {
    Duration held = wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
    String path = "/v1/messages" + (held.toSeconds() > 0 ? "?wait=" + held.toSeconds() : "");
    byte[] body = envelope.getBytes(StandardCharsets.US_ASCII);
    HttpRequest.Builder request =
        request(gateway, path, ANSWER_LIMIT.plus(held))
            .header("Content-Type", "application/jose")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    sign(request, "POST", gateway, path, Bytes.of(body), keys);
    return send(
        request,
        (status, answer) ->
            status == 200 ? Optional.of(ProtocolJson.decode(answer, Item.class)) : Optional.empty());
  }

  CompletableFuture<Attempt<Page>> mailbox(
      URI gateway, DeviceKeyRing keys, @Nullable String cursor, int limit) {
    String path = "/v1/mailbox?limit=" + limit + (cursor == null ? "" : "&after=" + encoded(cursor));
    HttpRequest.Builder request = request(gateway, path, ANSWER_LIMIT).GET();
    sign(request, "GET", gateway, path, Bytes.of(new byte[0]), keys);
    return send(
        request,
        (status, body) -> {
          PageDocument page = ProtocolJson.decode(body, PageDocument.class);
          return new Page(page.items(), Optional.ofNullable(page.next()), page.more());
        });
  }

  /**
   * Opens a stream of mailbox items.
   *
   * @param handler handles an item and its place; the next is read when it is done
   * @param over runs once, when the stream has ended or never began
   */
  EventStream events(
      URI gateway,
      DeviceKeyRing keys,
      @Nullable String cursor,
      BiFunction<Item, Optional<String>, CompletableFuture<Void>> handler,
      Consumer<Attempt<Void>> over) {
    String path = "/v1/mailbox/events" + (cursor == null ? "" : "?after=" + encoded(cursor));
    HttpRequest.Builder request =
        request(gateway, path, ANSWER_LIMIT).header("Accept", "text/event-stream").GET();
    sign(request, "GET", gateway, path, Bytes.of(new byte[0]), keys);
    EventStream events =
        new EventStream(MAX_EVENT_BYTES, runtime.clock(), event -> event(event, handler));
    var _ =
        runtime
            .http()
            .sendAsync(
                request.build(),
                info ->
                    info.statusCode() == 200
                        ? HttpResponse.BodySubscribers.fromSubscriber(events)
                        : HttpResponse.BodySubscribers.replacing(null))
            .whenComplete(
                (response, failure) -> {
                  if (failure != null) {
                    events.cancel();
                    over.accept(unknown(failure));
                  } else if (response.statusCode() != 200) {
                    events.cancel();
                    over.accept(refusal(response.statusCode(), "", retryAfter(response)));
                  } else {
                    var _ = events.ended().thenRun(() -> over.accept(new Attempt.Succeeded<>(null)));
                  }
                });
    return events;
  }

  private static CompletableFuture<Void> event(
      EventStream.Event event, BiFunction<Item, Optional<String>, CompletableFuture<Void>> handler) {
    try {
      Item item = ProtocolJson.decode(event.data(), Item.class);
      return handler.apply(item, item.place().or(event::id));
    } catch (MalformedMessage e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static HttpRequest.Builder request(URI gateway, String path, Duration limit) {
    return HttpRequest.newBuilder(gateway.resolve(path)).timeout(limit);
  }

  private void sign(
      HttpRequest.Builder request, String method, URI gateway, String path, Bytes body, DeviceKeyRing keys) {
    throw new UnsupportedOperationException(method + gateway + path + body + keys);
  }

  @FunctionalInterface
  private interface Decoder<T> {
    T decode(int status, String body) throws MalformedMessage;
  }

  private <T> CompletableFuture<Attempt<T>> send(HttpRequest.Builder request, Decoder<T> decoder) {
    return runtime.limited(
        () ->
            runtime
                .http()
                .sendAsync(
                    request.build(),
                    HttpResponse.BodyHandlers.limiting(
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_BODY_BYTES))
                .handle(
                    (response, failure) ->
                        failure != null ? unknown(failure) : decoded(response, decoder)));
  }

  private static <T> Attempt<T> decoded(HttpResponse<String> response, Decoder<T> decoder) {
    int status = response.statusCode();
    if (status != 200 && status != 202) {
      return refusal(status, response.body(), retryAfter(response));
    }
    try {
      return new Attempt.Succeeded<>(decoder.decode(status, response.body()));
    } catch (MalformedMessage e) {
      // A gateway that answers nonsense; another one may not.
      return new Attempt.TryAgain<>("an answer that cannot be read", Optional.empty());
    }
  }

  private static <T> Attempt<T> refusal(int status, String body, Optional<Duration> retryAfter) {
    boolean passing = status >= 500 || status == 429 || status == 408 || status == 425;
    return passing
        ? new Attempt.TryAgain<>("status " + status, retryAfter)
        : new Attempt.Refused<>(status, problemCode(body));
  }

  private static String problemCode(String body) {
    try {
      String code = ProtocolJson.decode(body, Problem.class).code();
      return code == null ? "" : code;
    } catch (MalformedMessage e) {
      return "";
    }
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("[0-9]{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }

  private static <T> Attempt<T> unknown(Throwable failure) {
    Throwable cause = ClientRuntime.cause(failure);
    String why =
        cause instanceof IOException || cause instanceof IllegalArgumentException
            ? cause.getClass().getSimpleName()
            : cause.toString();
    return new Attempt.TryAgain<>(why, Optional.empty());
  }
}
