package org.interseal.bank.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.identity.BankId;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamFollowerTest {
  private static final BankId BANK = new BankId("AAAAXX00");
  private static final long MINUTE_MILLIS = 60_000;
  private static final int ROUNDS = 30;

  /** Never waits, and sweeps in every round. */
  private static final InboxLimits IMPATIENT =
      new InboxLimits(10, 100, 1_024, 0, 0, 100, 0, 1_000, 24 * 60 * MINUTE_MILLIS);

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
  private final UnkindStore store = UnkindStore.shared(1, time, time, Unkindness.none());
  private final AtomicInteger subscriptions = new AtomicInteger();
  private final List<String> received = new ArrayList<>();
  private final Set<String> consumed = new HashSet<>();
  private final Set<String> setAside = new HashSet<>();
  private boolean setAsideOutOfReach;

  private String put(String envelope) {
    String id = SubmissionId.of(BANK, envelope);
    List<InsertOutcome> outcomes =
        store
            .append(TableName.TRANSACTIONS)
            .insert(List.of(new NewRow(BANK.value(), id, envelope)))
            .join();
    assertThat(outcomes).hasOnlyElementsOfType(InsertOutcome.Inserted.class);
    time.advance(1);
    return id;
  }

  private Position now() {
    return new Position(time.millis(), "");
  }

  private StreamFollower from(Position start) {
    return from(start, (rows, cursorAfter) -> rows.stream().map(Row::body).forEach(received::add));
  }

  private StreamFollower from(Position start, StreamFollower.Receiver receiver) {
    return new StreamFollower(
        counting(Store.class, store),
        BANK,
        start,
        receiver,
        submissions -> {
          if (setAsideOutOfReach) {
            throw new StoreUnavailable("out of reach");
          }
          return setAside;
        },
        IMPATIENT,
        consumed::contains,
        time,
        Thread.ofVirtual().factory());
  }

  /** Counts subscriptions to a table of the store. */
  private <T> T counting(Class<T> type, Object target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().equals("follow")) {
                subscriptions.incrementAndGet();
              }
              try {
                Object result = method.invoke(target, arguments);
                return method.getName().equals("append")
                    ? counting(AppendTable.class, result)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private void rounds(StreamFollower follower) throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      follower.readOn();
    }
  }

  @BeforeEach
  void earlierRows() {
    consumed.add(put("consumed"));
    setAside.add(put("junk"));
    put("lost");
    time.advance(MINUTE_MILLIS);
  }

  @Test
  void it_is_behind_by_the_age_of_what_it_reads_until_all_is_read() throws Exception {
    Position start = now();
    put("old");
    time.advance(MINUTE_MILLIS);
    StreamFollower follower = from(start);
    assertThat(follower.behindMillis()).isZero();
    follower.readOn();
    assertThat(received).contains("old");
    assertThat(follower.behindMillis())
        .isBetween(
            MINUTE_MILLIS - store.overlapMillis(), MINUTE_MILLIS - store.overlapMillis() + 100);
    rounds(follower);
    assertThat(follower.behindMillis()).isZero();
  }

  @Test
  void after_a_start_it_finds_what_nobody_read_and_nothing_else() throws Exception {
    StreamFollower follower = from(now());
    put("new");
    rounds(follower);

    assertThat(received).containsExactly("new", "lost");
  }

  @Test
  void a_stream_that_never_pauses_does_not_keep_it_from_sweeping() throws Exception {
    StreamFollower follower = from(now());
    for (int i = 0; i < ROUNDS; i++) {
      put("new-" + i);
      follower.readOn();
    }

    assertThat(received).hasSize(ROUNDS + 1).contains("lost");
  }

  @Test
  void what_the_sweep_found_is_not_lost_with_an_answer_of_the_store() throws Exception {
    StreamFollower follower = from(now());
    setAsideOutOfReach = true;
    assertThatThrownBy(() -> rounds(follower)).isInstanceOf(StoreUnavailable.class);
    setAsideOutOfReach = false;
    rounds(follower);

    assertThat(received).containsExactly("lost");
  }

  /** Leaves everything out, and takes it when it is read again. */
  private final class FullInbox implements StreamFollower.Receiver {
    private final Position start;
    private Position cursorAgain;

    FullInbox(Position start) {
      this.start = start;
      this.cursorAgain = start;
    }

    @Override
    public void add(List<Row> rows, Position cursorAfter) {}

    @Override
    public Optional<Position> leftOutFrom() {
      return Optional.of(start);
    }

    @Override
    public void addAgain(List<Row> rows, Position cursorAfter) {
      rows.stream().map(Row::body).forEach(received::add);
      cursorAgain = cursorAfter;
    }
  }

  @Test
  void junk_without_end_does_not_hold_the_cursor_of_the_second_reading() throws Exception {
    assertThat(store.overlapMillis()).isPositive();
    Position start = now();
    FullInbox inbox = new FullInbox(start);
    StreamFollower follower = from(start, inbox);
    Position before = start;
    for (int i = 0; i < 10 * ROUNDS; i++) {
      // More than is read again in a round.
      for (int j = 0; j <= IMPATIENT.pageRows(); j++) {
        put("junk-" + i + "-" + j);
      }
      follower.readOn();
      if (i % ROUNDS == ROUNDS - 1) {
        assertThat(inbox.cursorAgain).isGreaterThan(before);
        before = inbox.cursorAgain;
      }
    }

    assertThat(received).doesNotHaveDuplicates();
    assertThat(received.stream().filter(body -> body.startsWith("junk-")))
        .hasSizeGreaterThan(8 * ROUNDS * IMPATIENT.pageRows());
  }

  @Test
  void a_feed_that_went_mute_is_replaced() throws Exception {
    StreamFollower follower = from(now());
    rounds(follower);
    store.muteFeeds();
    for (int i = 0; i < 10; i++) {
      put("new-" + i);
      follower.readOn();
      follower.readOn();
    }

    assertThat(received).contains("new-9");
    assertThat(subscriptions).hasValue(2);
  }
}
