package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.service.OpenApiContract;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** A running gateway, asked over HTTP. Every answer is held to the OpenAPI document. */
final class Gateway implements AutoCloseable {
  private final ConfigurableApplicationContext context;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final OpenApiContract contract = new OpenApiContract("openapi.json");

  Gateway(ConfigurableApplicationContext context, MutableClock clock) {
    this.context = context;
    assertThat(context.getBean(java.time.InstantSource.class)).isEqualTo(clock);
    context.getBean(DeviceDirectory.class); // readiness is awaited through health, see awaitReady
    awaitReady();
  }

  private void awaitReady() {
    // The followers read on threads of their own; asking them directly is faster than waiting for
    // them.
    try {
      context.getBean(org.interseal.protocol.registry.BankDirectory.class).refresh();
      context.getBean(DeviceDirectory.class).refresh();
    } catch (org.interseal.store.StoreUnavailable e) {
      throw new IllegalStateException(e);
    }
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  /** What came back. */
  record Answer(int status, Map<String, String> headers, String body) {
    <T> T as(Class<T> type) {
      try {
        return ProtocolJson.decode(body, type);
      } catch (MalformedMessage e) {
        throw new AssertionError("not a " + type.getSimpleName() + ": " + body, e);
      }
    }

    String problem() {
      return as(RestApi.Problem.class).code();
    }
  }

  Answer send(String method, String target, Map<String, String> headers, @Nullable String body)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(target));
    headers.forEach(request::header);
    if (body != null && !headers.containsKey("Content-Type")) {
      request.header("Content-Type", RestApi.ENVELOPE_TYPE);
    }
    request.method(
        method,
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<byte[]> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    Map<String, String> received = new HashMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) ->
            received.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
    Answer answer = new Answer(response.statusCode(), received, Bytes.of(response.body()).toUtf8());
    if (!method.equals("OPTIONS")) {
      contract.check(
          method, uri(target).getPath(), answer.status(), answer.headers(), answer.body());
    }
    return answer;
  }

  Answer get(String target) throws Exception {
    return send("GET", target, Map.of(), null);
  }

  Answer get(TestDevice device, String path, @Nullable String query) throws Exception {
    return send("GET", target(path, query), device.sign("GET", path, query, null), null);
  }

  Answer post(TestDevice device, String path, @Nullable String query, String body)
      throws Exception {
    return send("POST", target(path, query), device.sign("POST", path, query, body), body);
  }

  Answer submit(TestDevice device, String envelope) throws Exception {
    return post(device, RestApi.MESSAGES, null, envelope);
  }

  /** Opens an event stream; the caller closes it. */
  HttpResponse<InputStream> events(
      TestDevice device, @Nullable String query, Map<String, String> more)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(target(RestApi.MAILBOX_EVENTS, query)));
    device.sign("GET", RestApi.MAILBOX_EVENTS, query, null).forEach(request::header);
    more.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  static String target(String path, @Nullable String query) {
    return query == null ? path : path + "?" + query;
  }

  private URI uri(String target) {
    return URI.create("http://127.0.0.1:" + port() + target);
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  double metric(String name, String... tags) {
    var search =
        context.getBean(io.micrometer.core.instrument.MeterRegistry.class).find(name).tags(tags);
    var counter = search.counter();
    var gauge = search.gauge();
    return counter != null ? counter.count() : gauge != null ? gauge.value() : 0;
  }

  @Override
  public void close() {
    context.close();
    http.shutdownNow();
  }
}
