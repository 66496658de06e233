package org.interseal.bank.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.interseal.store.DurableInsert.Content;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

class MailboxInsertTest {
  private static final Unkindness.Writes UNKNOWN = new Unkindness.Writes(0, 0, 1, 0, 0, 0);
  private static final String OWNER = "device";

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
  private final UnkindStore store =
      UnkindStore.bank(1, time, time, Unkindness.none().withWrites(UNKNOWN));
  private final MailboxInsert mailbox = mailbox();
  private final List<Content> notice =
      List.of(attempt -> new NewRow(OWNER, "id-" + attempt, "sealed"));

  /** Of a server that was just started: it knows nothing of those before it. */
  private MailboxInsert mailbox() {
    return new MailboxInsert(store, TableName.MAILBOX, (_, task) -> task.run(), time);
  }

  private List<Row> rows() throws StoreUnavailable {
    return store.append(TableName.MAILBOX).readAfter(OWNER, Position.START, 10);
  }

  @Test
  void what_became_visible_long_after_an_unknown_outcome_stands_where_readers_still_look()
      throws StoreUnavailable {
    assertThat(mailbox.insert(notice).join()).containsExactly(false);
    store.become(Unkindness.none());
    time.advance(2 * store.overlapMillis());

    assertThat(mailbox.insert(notice).join()).containsExactly(true);

    assertThat(rows()).hasSize(2);
    assertThat(rows().getLast().timestampMillis()).isEqualTo(time.millis());
  }

  @Test
  void what_a_server_left_unknown_that_died_stands_where_readers_still_look()
      throws StoreUnavailable {
    assertThat(mailbox.insert(notice).join()).containsExactly(false);
    store.become(Unkindness.none());
    time.advance(2 * store.overlapMillis());

    assertThat(mailbox().insert(notice).join()).containsExactly(true);
    assertThat(rows()).hasSize(2);
    assertThat(rows().getLast().timestampMillis()).isEqualTo(time.millis());

    time.advance(2 * store.overlapMillis());
    assertThat(mailbox().insert(notice).join()).containsExactly(true);
    assertThat(rows()).as("repeated once").hasSize(2);
  }

  @Test
  void what_readers_still_look_for_is_not_written_again() throws StoreUnavailable {
    store.become(Unkindness.none());
    assertThat(mailbox.insert(notice).join()).containsExactly(true);
    time.advance(store.overlapMillis() / 2);

    assertThat(mailbox().insert(notice).join()).containsExactly(true);

    assertThat(rows()).hasSize(1);
  }

  @Test
  void what_was_there_waits_for_the_stores_clock() throws StoreUnavailable {
    store.become(Unkindness.none());
    assertThat(mailbox.insert(notice).join()).containsExactly(true);
    time.advance(2 * store.overlapMillis());
    MailboxInsert stopping =
        new MailboxInsert(
            store,
            TableName.MAILBOX,
            (_, _) -> {
              throw new RejectedExecutionException("shut down");
            },
            time);
    assertThat(stopping.insert(notice).join()).containsExactly(false);
    MailboxInsert cutOff =
        new MailboxInsert(
            store,
            TableName.MAILBOX,
            (_, task) -> {
              store.become(Unkindness.none().withReadsFail(1));
              task.run();
            },
            time);
    assertThat(cutOff.insert(notice).join()).containsExactly(false);
    store.become(Unkindness.none());
    assertThat(rows()).hasSize(1);
  }

  @Test
  void a_repetition_whose_outcome_is_unknown_is_tried_again() throws StoreUnavailable {
    assertThat(mailbox.insert(notice).join()).containsExactly(false);
    time.advance(2 * store.overlapMillis());

    assertThat(mailbox.insert(notice).join()).containsExactly(false);
    store.become(Unkindness.none());
    assertThat(mailbox.insert(notice).join()).containsExactly(true);

    assertThat(rows()).hasSize(2);
    time.advance(2 * store.overlapMillis());
    assertThat(mailbox.insert(notice).join()).as("nothing is left over").containsExactly(true);
    assertThat(rows()).hasSize(2);
  }
}
