package org.interseal.bank.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.interseal.store.RunningTime;
import org.junit.jupiter.api.Test;

class OutboxProgressTest {
  private final OutboxProgress progress = new OutboxProgress(10, 3, RunningTime.real());

  @Test
  void a_block_counts_only_when_all_before_it_are_done() {
    Runnable first = progress.add(11, 1);
    Runnable second = progress.add(12, 2);
    second.run();
    second.run();
    assertThat(progress.doneHeight()).isEqualTo(10);
    first.run();
    assertThat(progress.doneHeight()).isEqualTo(12);
    assertThat(progress.pending()).isZero();
  }

  @Test
  void a_block_that_owes_nothing_is_done_at_once() {
    var _ = progress.add(11, 0);
    assertThat(progress.doneHeight()).isEqualTo(11);
  }

  @Test
  void there_is_no_room_while_too_much_is_pending() throws Exception {
    Runnable done = progress.add(11, 3);
    assertThat(progress.isFull()).isTrue();
    assertThat(progress.awaitRoom(1)).isFalse();
    done.run();
    assertThat(progress.awaitRoom(1)).isTrue();
    assertThat(progress.awaitEmpty(1)).isFalse();
  }
}
