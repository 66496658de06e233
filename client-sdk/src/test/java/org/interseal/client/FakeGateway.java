package org.interseal.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.http.ReceivedRequest;
import org.interseal.protocol.http.RequestVerdict;
import org.interseal.protocol.http.RequestVerifier;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.SubmissionId;
import org.jspecify.annotations.Nullable;

/** A gateway in front of a {@link FakeBank}, over real HTTP; verifies every request's signature. */
final class FakeGateway implements AutoCloseable {
  private final FakeBank bank;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RequestVerifier verifier;
  private final Queue<Fault> faults = new ArrayDeque<>();
  final Queue<String> received = new ConcurrentLinkedQueue<>();
  final Queue<String> paths = new ConcurrentLinkedQueue<>();
  final AtomicInteger streamed = new AtomicInteger();
  volatile boolean offersEvents = true;
  volatile boolean answersInline = true;
  volatile boolean servesRecords = true;
  volatile RestApi.OwnBankDocument document;

  /**
   * What goes wrong with a submission.
   *
   * @param afterwards whether the bank gets the envelope nevertheless
   */
  record Fault(int status, String code, @Nullable String retryAfter, boolean afterwards) {
    Fault(int status, @Nullable String retryAfter, boolean afterwards) {
      this(status, "unavailable", retryAfter, afterwards);
    }
  }

  FakeGateway(FakeBank bank) throws IOException {
    this.bank = bank;
    this.document = bank.document();
    this.verifier = new RequestVerifier(bank.clock);
    this.server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(threads);
    server.createContext(RestApi.BANK, this::bank);
    server.createContext(
        RestApi.BANKS, exchange -> answer(exchange, 200, bank.page(after(exchange))));
    server.createContext(RestApi.MESSAGES, this::submit);
    server.createContext(RestApi.ACTIVATIONS, this::submit);
    server.createContext(RestApi.MAILBOX, this::mailbox);
    server.createContext(RestApi.MAILBOX_EVENTS, this::events);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized void fail(Fault... next) {
    faults.addAll(List.of(next));
  }

  private synchronized Optional<Fault> nextFault() {
    return Optional.ofNullable(faults.poll());
  }

  private @Nullable String device(HttpExchange exchange, Bytes body) throws IOException {
    URI uri = exchange.getRequestURI();
    paths.add(uri.getRawPath());
    RequestVerdict verdict =
        verifier.verify(
            new ReceivedRequest(
                exchange.getRequestMethod(),
                uri.getRawPath(),
                uri.getRawQuery(),
                name -> exchange.getRequestHeaders().getOrDefault(name, List.of()),
                body));
    if (verdict instanceof RequestVerdict.Authentic authentic) {
      return authentic.deviceId();
    }
    answer(exchange, 401, new RestApi.Problem("t", "t", 401, "d", "not-authenticated"));
    return null;
  }

  private void bank(HttpExchange exchange) throws IOException {
    paths.add(RestApi.BANK);
    if (servesRecords) {
      answer(exchange, 200, document);
    } else {
      answer(exchange, 503, new RestApi.Problem("t", "t", 503, "d", "unavailable"));
    }
  }

  private void submit(HttpExchange exchange) throws IOException {
    Bytes body = Bytes.of(exchange.getRequestBody().readAllBytes());
    String device = device(exchange, body);
    if (device == null) {
      return;
    }
    String envelope = body.toUtf8();
    received.add(envelope);
    Optional<Fault> fault = nextFault();
    if (fault.isPresent()) {
      if (fault.get().afterwards()) {
        bank.receive(device, envelope);
      }
      String retryAfter = fault.get().retryAfter();
      if (retryAfter != null) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter);
      }
      answer(
          exchange,
          fault.get().status(),
          new RestApi.Problem("t", "t", 503, "d", fault.get().code()));
      return;
    }
    bank.receive(device, envelope);
    String submission = SubmissionId.of(FakeBank.BANK, envelope);
    String query = exchange.getRequestURI().getQuery();
    long waitMillis =
        query != null && query.startsWith("wait=") && answersInline
            ? 1_000 * Long.parseLong(query.substring(5))
            : 0;
    try {
      RestApi.Item item =
          waitMillis == 0 ? null : bank.await(device, submission, waitMillis).orElse(null);
      answer(exchange, item == null ? 202 : 200, new RestApi.Submission(submission, item));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private void mailbox(HttpExchange exchange) throws IOException {
    String device = device(exchange, Bytes.of(new byte[0]));
    if (device == null) {
      return;
    }
    String after = after(exchange);
    List<RestApi.Item> items = bank.mailbox(device, after, 2);
    String cursor = items.isEmpty() ? (after == null ? "0" : after) : items.getLast().cursor();
    boolean more = !bank.mailbox(device, cursor, 1).isEmpty();
    answer(exchange, 200, new RestApi.MailboxPage(items, cursor, more));
  }

  private static @Nullable String after(HttpExchange exchange) {
    String query = exchange.getRequestURI().getQuery();
    if (query == null || !query.contains("after=")) {
      return null;
    }
    return query.substring(query.indexOf("after=") + 6);
  }

  /** Streams one item, and ends: the client has to come back for more. */
  private void events(HttpExchange exchange) throws IOException {
    String device = device(exchange, Bytes.of(new byte[0]));
    if (device == null) {
      return;
    }
    if (!offersEvents) {
      answer(exchange, 404, new RestApi.Problem("t", "t", 404, "d", "not-found"));
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      List<String> lines = new ArrayList<>(List.of(": hello", ""));
      for (RestApi.Item item : bank.awaitItem(device, after(exchange), 3_000)) {
        streamed.incrementAndGet();
        lines.addAll(
            List.of(
                "id: " + item.cursor(),
                "event: item",
                "data: " + ProtocolJson.encodeText(item),
                ""));
      }
      out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] json = ProtocolJson.encodeText(body).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, json.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(json);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
