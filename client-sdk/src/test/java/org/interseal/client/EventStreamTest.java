package org.interseal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private final List<EventStream.Event> events = new ArrayList<>();
  private final Subscription subscription = new Subscription();
  private CompletableFuture<Void> handled = CompletableFuture.completedFuture(null);
  private final EventStream stream =
      new EventStream(
          100,
          InstantSource.system(),
          event -> {
            events.add(event);
            return handled;
          });

  private static final class Subscription implements Flow.Subscription {
    private long requested;
    private boolean cancelled;

    @Override
    public void request(long n) {
      requested += n;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private void receive(String text) {
    stream.onNext(List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void anEventEndsWithAnEmptyLineHoweverItIsCutIntoPieces() {
    stream.onSubscribe(subscription);
    String text = ": hello\n\nid: 7\nevent: item\ndata: {\"ä\":1}\n\ndata: a\ndata: b\r\n\r\n";
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      stream.onNext(List.of(ByteBuffer.wrap(new byte[] {one})));
    }

    assertThat(events)
        .containsExactly(
            new EventStream.Event("item", Optional.of("7"), "{\"ä\":1}"),
            new EventStream.Event("message", Optional.of("7"), "a\nb"));
  }

  @Test
  void moreIsAskedForOnlyWhenTheEventWasHandled() {
    stream.onSubscribe(subscription);
    handled = new CompletableFuture<>();
    receive("data: a\n\n");
    assertThat(subscription.requested).isEqualTo(1);

    handled.complete(null);

    assertThat(subscription.requested).isEqualTo(2);
  }

  @Test
  void anEndlessLineOrEventEndsTheStream() {
    stream.onSubscribe(subscription);
    receive("data: " + "x".repeat(101));
    assertThat(subscription.cancelled).isTrue();
    assertThat(stream.ended()).isDone();
    assertThat(events).isEmpty();
  }

  @Test
  void anEventOfManyLinesIsBoundedToo() {
    stream.onSubscribe(subscription);
    for (int i = 0; i < 20; i++) {
      receive("data: 0123456789\n");
    }
    assertThat(subscription.cancelled).isTrue();
  }
}
