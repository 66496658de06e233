package org.interseal.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events (WHATWG HTML, section 9.2) off a response body. The next bytes are asked
 * for only when the events before them were handled, and no event may be longer than a limit.
 */
final class EventStream implements Flow.Subscriber<List<ByteBuffer>> {
  /** An event. {@code type} is {@code message} where the stream names none. */
  record Event(String type, Optional<String> id, String data) {}

  private final int maxEventBytes;
  private final InstantSource clock;
  private final Function<Event, CompletableFuture<Void>> handler;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private @Nullable String id;
  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean began;
  private volatile boolean cancelled;
  private volatile Instant lastBytes;

  EventStream(
      int maxEventBytes, InstantSource clock, Function<Event, CompletableFuture<Void>> handler) {
    this.maxEventBytes = maxEventBytes;
    this.clock = clock;
    this.handler = handler;
    this.lastBytes = clock.instant();
  }

  /** Completes when the stream is over, for whatever reason. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Whether a gateway agreed to stream. */
  boolean began() {
    return began;
  }

  /** When anything came last, comments included. */
  Instant lastBytes() {
    return lastBytes;
  }

  void cancel() {
    cancelled = true;
    Flow.Subscription live = subscription;
    if (live != null) {
      live.cancel();
    }
    ended.complete(null);
  }

  @Override
  public void onSubscribe(Flow.Subscription fresh) {
    began = true;
    subscription = fresh;
    if (cancelled) {
      fresh.cancel();
    } else {
      fresh.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    lastBytes = clock.instant();
    List<Event> events = new ArrayList<>();
    try {
      for (ByteBuffer buffer : buffers) {
        read(buffer, events);
      }
    } catch (IllegalStateException e) {
      cancel();
      return;
    }
    CompletableFuture<Void> handled = CompletableFuture.completedFuture(null);
    for (Event event : events) {
      handled = handled.thenCompose(_ -> handler.apply(event));
    }
    var _ =
        handled.whenComplete((_, failure) -> {
          Flow.Subscription live = subscription;
          if (failure != null || live == null) {
            cancel();
          } else {
            live.request(1);
          }
        });
  }

  private void read(ByteBuffer buffer, List<Event> events) {
    while (buffer.hasRemaining()) {
      byte next = buffer.get();
      if (next == '\n') {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        endOfLine(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, events);
      } else {
        line.write(next);
        if (line.size() > maxEventBytes) {
          throw new IllegalStateException("an event over the limit");
        }
      }
    }
  }

  private void endOfLine(String text, List<Event> events) {
    if (text.isEmpty()) {
      if (!data.isEmpty()) {
        events.add(
            new Event(
                type.isEmpty() ? "message" : type,
                Optional.ofNullable(id),
                data.substring(0, data.length() - 1)));
      }
      data.setLength(0);
      type = "";
      return;
    }
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    switch (field) {
      case "data" -> {
        if (data.length() + value.length() > maxEventBytes) {
          throw new IllegalStateException("an event over the limit");
        }
        data.append(value).append('\n');
      }
      case "event" -> type = value;
      case "id" -> id = value;
      default -> {
        // Comments keep the connection alive; other fields are of no use here.
      }
    }
  }

  @Override
  public void onError(Throwable failure) {
    ended.complete(null);
  }

  @Override
  public void onComplete() {
    ended.complete(null);
  }
}
