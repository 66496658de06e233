package org.interseal.bank.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.interseal.store.DurableInsert.Content;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

class MailboxInsertTest {
  private static final Unkindness UNKNOWN =
      Unkindness.none().withWrites(new Unkindness.Writes(0, 0, 1, 0, 0, 0));
  private static final String OWNER = "device";

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
  private final UnkindStore store = UnkindStore.bank(1, time, time, Unkindness.none());
  private final MailboxInsert mailbox = mailbox(false);
  private final List<Content> notice = List.of(content("id"));

  private static Content content(String id) {
    return attempt -> new NewRow(OWNER, id + "-" + attempt, "sealed");
  }

  /** Of a server that was just started: it knows nothing of those before it. */
  private MailboxInsert mailbox(boolean readersSweep) {
    return new MailboxInsert(store, TableName.MAILBOX, readersSweep, time);
  }

  private List<String> ids() throws StoreUnavailable {
    return store.append(TableName.MAILBOX).readAfter(OWNER, Position.START, 100).stream()
        .map(Row::id)
        .toList();
  }

  private void readersPass() {
    time.advance(2 * store.overlapMillis());
  }

  @Test
  void what_became_visible_long_after_an_unknown_outcome_stands_where_readers_still_look()
      throws Exception {
    store.become(UNKNOWN);
    assertThat(mailbox.insert(notice)).containsExactly(false);
    store.become(Unkindness.none());
    readersPass();

    assertThat(mailbox.insert(notice)).containsExactly(true);

    List<Row> rows = store.append(TableName.MAILBOX).readAfter(OWNER, Position.START, 10);
    assertThat(rows).hasSize(2);
    assertThat(rows.getLast().timestampMillis()).isEqualTo(time.millis());
  }

  @Test
  void so_does_what_a_server_left_unknown_that_died() throws Exception {
    store.become(UNKNOWN);
    assertThat(mailbox.insert(notice)).containsExactly(false);
    store.become(Unkindness.none());
    readersPass();

    assertThat(mailbox(false).insert(notice)).containsExactly(true);
    assertThat(ids()).containsExactly("id-0", "id-1");
  }

  @Test
  void so_does_what_was_repeated_and_passed_again() throws Exception {
    List<NewRow> earlier = List.of(notice.getFirst().row(0), notice.getFirst().row(1));
    var _ = store.append(TableName.MAILBOX).insert(earlier).get();
    readersPass();

    assertThat(mailbox.insert(notice)).containsExactly(true);
    assertThat(ids()).containsExactly("id-0", "id-1", "id-2");
  }

  @Test
  void a_message_has_few_rows_however_often_it_is_sent_again() throws Exception {
    for (int start = 0; start < 2 * MailboxInsert.MAX_ATTEMPTS; start++) {
      assertThat(mailbox(false).insert(notice)).containsExactly(true);
      readersPass();
    }
    assertThat(ids()).hasSize(MailboxInsert.MAX_ATTEMPTS);
  }

  @Test
  void what_readers_still_look_for_is_not_written_again() throws Exception {
    assertThat(mailbox.insert(notice)).containsExactly(true);
    time.advance(store.overlapMillis() / 2);

    assertThat(mailbox(false).insert(notice)).containsExactly(true);

    assertThat(ids()).containsExactly("id-0");
  }

  @Test
  void what_readers_sweep_is_not_written_again() throws Exception {
    assertThat(mailbox.insert(notice)).containsExactly(true);
    readersPass();

    assertThat(mailbox(true).insert(notice)).containsExactly(true);

    assertThat(ids()).containsExactly("id-0");
  }

  /** Of a store whose answers take so long. */
  private MailboxInsert slow(long tookMillis, boolean readersSweep) {
    RunningTime leaps =
        new RunningTime() {
          private long nanos;

          @Override
          public long nanoTime() {
            nanos += 1_000_000 * tookMillis;
            return nanos;
          }

          @Override
          public void await(Lock lock, Condition condition, long maxNanos) {
            throw new AssertionError("nobody waits");
          }
        };
    return new MailboxInsert(store, TableName.MAILBOX, readersSweep, leaps);
  }

  @Test
  void what_is_acknowledged_late_is_repeated() throws Exception {
    long late = store.acknowledgementLimitMillis() + 1;
    assertThat(slow(late - 1, false).insert(List.of(content("in-time")))).containsExactly(true);
    assertThat(slow(late, true).insert(List.of(content("swept")))).containsExactly(true);
    assertThat(slow(late, false).insert(notice)).containsExactly(true);
    assertThat(ids()).containsExactlyInAnyOrder("in-time-0", "swept-0", "id-0", "id-1");
  }

  @Test
  void what_is_always_acknowledged_behind_readers_is_given_up() throws Exception {
    assertThat(slow(store.overlapMillis(), false).insert(notice)).containsExactly(true);
    assertThat(ids()).hasSize(MailboxInsert.MAX_ATTEMPTS);
  }

  @Test
  void what_was_there_waits_for_the_stores_clock() throws Exception {
    assertThat(mailbox.insert(notice)).containsExactly(true);
    readersPass();
    store.become(Unkindness.none().withReadsFail(1));
    assertThat(mailbox.insert(notice)).containsExactly(false);
    store.become(Unkindness.none());
    assertThat(ids()).containsExactly("id-0");
  }

  @Test
  void each_of_a_batch_has_its_own_fate() throws Exception {
    assertThat(mailbox.insert(List.of(content("b"), content("d")))).containsExactly(true, true);
    readersPass();
    assertThat(mailbox.insert(List.of(content("c")))).containsExactly(true);

    List<Content> batch = List.of(content("a"), content("b"), content("c"), content("d"));
    assertThat(mailbox.insert(batch)).containsExactly(true, true, true, true);

    assertThat(ids()).containsExactlyInAnyOrder("a-0", "b-0", "b-1", "c-0", "d-0", "d-1");
  }
}
