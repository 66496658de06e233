package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.store.AppendTable;
import org.interseal.store.NewRow;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.unit.DataSize;

/** What those who wait cost a distributed store: thousands of them wait. */
class MailboxQueriesTest {
  private static final String OWNER = "device";

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
  private final UnkindStore kind = UnkindStore.bank(1, time, time, Unkindness.none());
  private final AtomicInteger reads = new AtomicInteger();

  /** Ids of rows that the feed names and that cannot be read yet. */
  private final Set<String> hidden = new HashSet<>();

  /** The number of the reading that fails; 0 for none. */
  private final AtomicInteger failing = new AtomicInteger();

  private final Mailbox mailbox =
      new Mailbox(counting(kind), new GatewayMeters(new SimpleMeterRegistry()));
  private final MailboxWakes wakes =
      new MailboxWakes(kind.append(TableName.MAILBOX), time, Duration.ofSeconds(5), true);
  private final ReplyWatches replies = new ReplyWatches(mailbox, wakes, Runnable::run, 10, 10);

  /** Counts the readings of ranges, which are what costs. */
  private Store counting(Store store) {
    return proxy(Store.class, store);
  }

  private <T> T proxy(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (List.of("readAfter", "referencesAfter").contains(method.getName())) {
                int number = reads.incrementAndGet();
                if (number == failing.get()) {
                  throw new StoreUnavailable("this reading", new IOException("planted"));
                }
              }
              try {
                Object answer = method.invoke(real, arguments);
                return switch (answer) {
                  case AppendTable table -> proxy(AppendTable.class, table);
                  case List<?> rows -> rows.stream().filter(row -> !isHidden(row)).toList();
                  default -> answer;
                };
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private boolean isHidden(Object row) {
    return switch (row) {
      case Row whole -> hidden.contains(whole.id());
      case RowRef reference -> hidden.contains(reference.id());
      default -> false;
    };
  }

  private void post(String envelope, String inReplyTo) {
    String body =
        ProtocolJson.encodeText(new MailboxItem(MailboxItem.VERSION, inReplyTo, envelope));
    var _ = kind.append(TableName.MAILBOX).insert(List.of(new NewRow(OWNER, envelope, body)));
    time.advance(100);
  }

  @Test
  void aReplyThatTheFeedNamesIsReadOnce() throws Exception {
    try (ReplyWatches.Reply reply = replies.expect(OWNER, "question").orElseThrow()) {
      post("answer", "question");
      assertThat(reply.await(Duration.ZERO)).map(RestApi.Item::envelope).contains("answer");
      assertThat(reads).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 4_000})
  void aReplyThatCanBeReadLaterThanTheFeedNamesItAndBehindAnotherIsFound(int laterMillis)
      throws Exception {
    hidden.add("answer");
    try (ReplyWatches.Reply reply = replies.expect(OWNER, "question").orElseThrow()) {
      post("answer", "question");
      post("other", "other question");
      time.advance(laterMillis);
      assertThat(reply.await(Duration.ZERO)).isEmpty();
      hidden.clear();
      time.advance(5_000);
      assertThat(reply.await(Duration.ZERO)).map(RestApi.Item::envelope).contains("answer");
    }
  }

  @Test
  void whoWaitsInVainCostsOneReadingATurn() throws Exception {
    try (ReplyWatches.Reply reply = replies.expect(OWNER, "question").orElseThrow()) {
      post("other", "other question");
      time.advance(1_000);
      reads.set(0);
      time.advance(5_000);
      assertThat(reads).hasValue(1);
      assertThat(reply.await(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void aReplyThatNoFeedNamesIsFoundAndTold() throws Exception {
    kind.muteFeeds();
    for (int i = 0; i < MailboxWakes.MAX_UNANNOUNCED; i++) {
      try (ReplyWatches.Reply reply = replies.expect(OWNER, "question-" + i).orElseThrow()) {
        post("answer-" + i, "question-" + i);
        assertThat(reply.await(Duration.ZERO)).isEmpty();
        time.advance(5_000);
        assertThat(reply.await(Duration.ZERO)).isPresent();
      }
    }
    time.advance(5_000);
    try (ReplyWatches.Reply reply = replies.expect(OWNER, "last").orElseThrow()) {
      post("heard", "last");
      assertThat(reply.await(Duration.ZERO)).as("a feed that speaks").isPresent();
    }
  }

  /** Follows for 60 ms of its clock, which is a millisecond further whenever it is looked at. */
  private String follow() throws Exception {
    AtomicLong nanos = new AtomicLong();
    GatewayMeters meters = new GatewayMeters(new SimpleMeterRegistry());
    EventStreams events =
        new EventStreams(
            mailbox,
            wakes,
            properties(Duration.ofMillis(60), Duration.ofMillis(5)),
            () -> nanos.addAndGet(1_000_000),
            meters,
            new EnvelopeMemory(1 << 20, meters));
    MockHttpServletResponse response = new MockHttpServletResponse();
    events.stream(OWNER, true, MailboxCursor.START, response);
    return response.getContentAsString();
  }

  private static GatewayProperties properties(Duration life, Duration heartbeat) {
    Duration unused = Duration.ofSeconds(1);
    return new GatewayProperties(
        List.of(),
        new GatewayProperties.Limits(1, 1, 1, 1, 1),
        1,
        1,
        1,
        1,
        1,
        life,
        heartbeat,
        unused,
        unused,
        unused,
        DataSize.ofMegabytes(1),
        unused,
        unused);
  }

  @Test
  void aQuietEventStreamIsReadWhenItBeginsAndNoMore() throws Exception {
    assertThat(follow()).contains(": beat").endsWith(": end\n\n").doesNotContain("event: item");
    assertThat(reads).hasValue(1);
  }

  @Test
  void anEventStreamOutlivesAFailureOfTheStore() throws Exception {
    post("first", "question");
    // The reading that follows the first page fails, and is repeated.
    failing.set(3);
    assertThat(follow()).contains("event: item").contains(": beat").endsWith(": end\n\n");
    assertThat(reads.get()).isGreaterThan(3);
  }
}
