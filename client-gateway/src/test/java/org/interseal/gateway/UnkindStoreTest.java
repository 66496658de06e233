package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.store.DurableInsert;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mailboxes on a store that delays, repeats, loses its feeds and does not answer. */
@Timeout(60)
class UnkindStoreTest {
  private static final String OWNER = "device";

  private final GatewayMeters meters = new GatewayMeters(new SimpleMeterRegistry());

  private static NewRow row(String envelope, String inReplyTo, int attempt) {
    String body =
        ProtocolJson.encodeText(new MailboxItem(MailboxItem.VERSION, inReplyTo, envelope));
    return new NewRow(OWNER, envelope + "." + attempt, body);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aClientThatFollowsCursorsMissesNothing(long seed) {
    VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
    UnkindStore store = UnkindStore.bank(seed, time, time, Unkindness.harsh());
    Mailbox mailbox = new Mailbox(store, meters);
    DurableInsert posting =
        new DurableInsert(
            store,
            TableName.MAILBOX,
            DurableInsert.ReadBy.CURSOR,
            new DurableInsert.Limits(50, 600_000, 20),
            time,
            time::nanoTime,
            new SplittableRandom(seed));
    Set<String> posted = new LinkedHashSet<>();
    Set<String> seen = new LinkedHashSet<>();
    MailboxCursor cursor = MailboxCursor.START;
    for (int i = 0; i < 60; i++) {
      String envelope = "item-" + i;
      posted.add(envelope);
      var _ = posting.insert(List.of(attempt -> row(envelope, "none", attempt)));
      time.advance(50);
      cursor = readOn(mailbox, cursor, seen);
    }
    for (int i = 0; i < 400 && !seen.containsAll(posted); i++) {
      time.advance(500);
      cursor = readOn(mailbox, cursor, seen);
    }
    assertThat(seen).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(posted);
  }

  /** Reads pages to the end, as the reference tells clients to. */
  private static MailboxCursor readOn(Mailbox mailbox, MailboxCursor from, Set<String> seen) {
    MailboxCursor cursor = from;
    try {
      RestApi.MailboxPage page = mailbox.page(OWNER, cursor, 3);
      while (true) {
        page.items().forEach(item -> seen.add(item.envelope()));
        cursor = MailboxCursor.parse(page.cursor());
        if (!page.more()) {
          return cursor;
        }
        page = mailbox.page(OWNER, cursor, 3);
      }
    } catch (StoreUnavailable e) {
      // Only a cursor at the end of all pages is kept.
      return from;
    }
  }

  @Test
  void aReplyIsFoundThoughTheFeedIsMute() throws Exception {
    try (ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
        UnkindStore store =
            UnkindStore.bank(1, InstantSource.system(), Scheduler.on(timer), Unkindness.none())) {
      Mailbox mailbox = new Mailbox(store, meters);
      try (MailboxWakes wakes =
          new MailboxWakes(mailbox.table(), Scheduler.on(timer), Duration.ofMillis(20), true)) {
        ReplyWatches replies = new ReplyWatches(mailbox, wakes, timer, 10, 10);
        store.muteFeeds();
        assertReplyArrives(store, replies, "first");
        store.endFeeds();
        assertReplyArrives(store, replies, "second");
        assertThat(replies.active()).isZero();
      }
    }
  }

  private static void assertReplyArrives(Store store, ReplyWatches replies, String submission)
      throws Exception {
    try (ReplyWatches.Reply reply = replies.expect(OWNER, submission).orElseThrow()) {
      var _ =
          store
              .append(TableName.MAILBOX)
              .insert(List.of(row("to-" + submission, submission, 0)))
              .get();
      assertThat(reply.await(Duration.ofSeconds(20)))
          .map(RestApi.Item::envelope)
          .contains("to-" + submission);
    }
  }

  @Test
  void placesForWaitingAreBoundedAndGivenBack() throws Exception {
    try (ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
        UnkindStore store =
            UnkindStore.bank(1, InstantSource.system(), Scheduler.on(timer), Unkindness.none())) {
      Mailbox mailbox = new Mailbox(store, meters);
      try (MailboxWakes wakes =
          new MailboxWakes(mailbox.table(), Scheduler.on(timer), Duration.ofSeconds(5), true)) {
        ReplyWatches replies = new ReplyWatches(mailbox, wakes, timer, 3, 2);
        var a = replies.expect("a", "1").orElseThrow();
        var again = replies.expect("a", "1").orElseThrow();
        assertThat(replies.expect("a", "2")).isEmpty();
        var b = replies.expect("b", "1").orElseThrow();
        assertThat(replies.expect("c", "1")).isEmpty();
        again.close();
        try (ReplyWatches.Reply free = replies.expect("c", "1").orElseThrow()) {
          assertThat(free.await(Duration.ofMillis(1))).isEmpty();
        }
        a.close();
        b.close();
        assertThat(replies.active()).isZero();
      }
    }
  }

  @Test
  void anEarlierReplyIsLookedForWithinABound() throws Exception {
    VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
    UnkindStore store = UnkindStore.bank(1, time, time, Unkindness.none());
    Mailbox mailbox = new Mailbox(store, meters);
    for (int i = 0; i < 250; i++) {
      var _ = store.append(TableName.MAILBOX).insert(List.of(row("e" + i, "s" + i, 0)));
      time.advance(10);
    }
    assertThat(mailbox.findReply(OWNER, "s150", Position.START, 2)).isPresent();
    assertThat(mailbox.findReply(OWNER, "s249", Position.START, 2)).isEmpty();
  }
}
