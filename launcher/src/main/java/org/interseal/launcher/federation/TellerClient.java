package org.interseal.launcher.federation;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.interseal.launcher.dashboard.Registrations;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.ActivationCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A teller at a branch, over the branch's REST interface. Every call may be repeated with the same
 * key.
 */
public final class TellerClient {
  private static final Duration CALL_LIMIT = Duration.ofSeconds(70);
  private static final int MAX_TRIES = 100;
  private static final long PAUSE_MILLIS = 300;

  private final HttpClient http;
  private final URI branch;
  private final String authorization;
  private final Executor executor;

  public TellerClient(
      HttpClient http, URI branch, String teller, String password, Executor executor) {
    this.http = http;
    this.branch = branch;
    this.authorization = Registrations.basic(teller, password);
    this.executor = executor;
  }

  /** Opens an account; {@code requestedNumber} or the next free one. */
  public CompletableFuture<Iban> openAccount(
      String customerName, String currency, @Nullable Long requestedNumber, String key) {
    Map<String, Object> body =
        requestedNumber == null
            ? Map.of("customerName", customerName, "currency", currency)
            : Map.of(
                "customerName",
                customerName,
                "currency",
                currency,
                "requestedNumber",
                requestedNumber);
    return call("/v1/accounts", body, key)
        .thenApply(result -> new Iban(result.path("account").asString()));
  }

  /** Pays cash in. */
  public CompletableFuture<Void> cashIn(Iban account, Money amount, String reference, String key) {
    Map<String, Object> body =
        Map.of(
            "amount",
            amount.decimal(),
            "currency",
            amount.currency().value(),
            "reference",
            reference);
    return call("/v1/accounts/" + encode(account) + "/cash-in", body, key).thenApply(_ -> null);
  }

  /** Issues an activation code. */
  public CompletableFuture<ActivationCode> activationCode(Iban account, String key) {
    return call("/v1/accounts/" + encode(account) + "/activation-code", Map.of(), key)
        .thenApply(result -> ActivationCode.parse(result.path("activationCode").asString()));
  }

  /** How many devices the account's customer has linked. */
  public CompletableFuture<Integer> linkedDevices(Iban account) {
    HttpRequest request = request("/v1/accounts/" + encode(account) + "/devices").GET().build();
    return attempt(request, 1).thenApply(result -> result.path("devices").size());
  }

  private static String encode(Iban account) {
    return URLEncoder.encode(account.value(), StandardCharsets.UTF_8);
  }

  private CompletableFuture<JsonNode> call(String path, Map<String, Object> body, String key) {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(ProtocolJson.encodeText(body)))
            .build();
    return attempt(request, 1);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(branch.resolve(path))
        .timeout(CALL_LIMIT)
        .header("Authorization", authorization);
  }

  private CompletableFuture<JsonNode> attempt(HttpRequest request, int tries) {
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .handleAsync((response, failure) -> read(response, failure), executor)
        .thenCompose(result -> {
          if (result.isPresent()) {
            return CompletableFuture.completedFuture(result.get());
          }
          if (tries >= MAX_TRIES) {
            return CompletableFuture.failedFuture(new IOException("the branch did not answer"));
          }
          return CompletableFuture.supplyAsync(
                  () -> tries,
                  CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, executor))
              .thenCompose(n -> attempt(request, n + 1));
        });
  }

  /** The result; empty when the same call should be made again. */
  private static Optional<JsonNode> read(
      @Nullable HttpResponse<String> response, @Nullable Throwable failure) {
    if (response == null || failure != null) {
      return Optional.empty();
    }
    return switch (response.statusCode()) {
      case 200 -> Optional.of(result(response.body()));
      case 202, 429, 502, 503, 504 -> Optional.empty();
      default ->
          throw new CompletionException(
              new IOException(
                  "the branch refused with " + response.statusCode() + ": " + response.body()));
    };
  }

  private static JsonNode result(String body) {
    try {
      return ProtocolJson.decode(body, JsonNode.class).path("result");
    } catch (MalformedMessage e) {
      throw new CompletionException(new IOException("the branch answered with no JSON", e));
    }
  }
}
