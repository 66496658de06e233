package org.interseal.federation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between devices and a gateway: a network that drops and doubles, or a gateway that lies.
 */
final class UnkindRelay implements AutoCloseable {
  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "host",
          "connection",
          "content-length",
          "upgrade",
          "http2-settings",
          "expect",
          "transfer-encoding");

  /** What the relay does with a request. */
  @FunctionalInterface
  interface Conduct {
    /** The answer to give; null drops the connection without one. */
    @org.jspecify.annotations.Nullable
    HttpResponse<byte[]> answer(Passing passing) throws Exception;
  }

  /** A request on its way. */
  record Passing(HttpClient http, HttpRequest request, String method, String path, int number) {
    HttpResponse<byte[]> deliver() throws IOException, InterruptedException {
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  private final HttpServer server;
  private final HttpClient http;
  private final URI gateway;
  private final Conduct conduct;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger requests = new AtomicInteger();

  private UnkindRelay(HttpServer server, HttpClient http, URI gateway, Conduct conduct) {
    this.server = server;
    this.http = http;
    this.gateway = gateway;
    this.conduct = conduct;
  }

  static UnkindRelay start(HttpClient http, URI gateway, Conduct conduct) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    UnkindRelay relay = new UnkindRelay(server, http, gateway, conduct);
    server.setExecutor(relay.executor);
    server.createContext("/", relay::handle);
    server.start();
    return relay;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      URI from = exchange.getRequestURI();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(gateway + from.toString()))
              .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
              values.forEach(value -> request.header(name, value));
            }
          });
      HttpResponse<byte[]> answer =
          conduct.answer(
              new Passing(
                  http,
                  request.build(),
                  exchange.getRequestMethod(),
                  from.getPath(),
                  requests.incrementAndGet()));
      if (answer != null) {
        respond(exchange, answer.statusCode(), contentType(answer), answer.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static List<String> contentType(HttpResponse<byte[]> answer) {
    return answer.headers().allValues("content-type");
  }

  private static void respond(HttpExchange exchange, int status, List<String> type, byte[] body)
      throws IOException {
    type.forEach(value -> exchange.getResponseHeaders().add("Content-Type", value));
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** Serves one document and nothing else. */
  static UnkindRelay serving(HttpClient http, String json) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    UnkindRelay relay = new UnkindRelay(server, http, URI.create("http://127.0.0.1"), _ -> null);
    server.setExecutor(relay.executor);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            respond(
                exchange, 200, List.of("application/json"), json.getBytes(StandardCharsets.UTF_8));
          }
        });
    server.start();
    return relay;
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
