package org.interseal.bank.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoticeGraceTest {
  private static final long GRACE_NANOS = 300_000_000;
  private final NoticeGrace<String> grace = new NoticeGrace<>(300);

  @Test
  void a_final_notice_goes_at_once() {
    assertThat(grace.offer("d", "payment:1", true, "ACCC", 0).sendNow()).isTrue();
    assertThat(grace.drain()).isEmpty();
  }

  @Test
  void a_notice_that_is_overtaken_is_not_sent() {
    assertThat(grace.offer("d", "payment:1", false, "ACSP", 0).sendNow()).isFalse();
    NoticeGrace.Ruling<String> ruling = grace.offer("d", "payment:1", true, "ACCC", 1);
    assertThat(ruling.superseded()).containsExactly("ACSP");
    assertThat(grace.due(10 * GRACE_NANOS)).isEmpty();
  }

  @Test
  void a_notice_that_nothing_overtakes_is_sent_after_its_grace() {
    grace.offer("d", "payment:1", false, "ACSP", 0);
    assertThat(grace.due(GRACE_NANOS - 1)).isEmpty();
    assertThat(grace.due(GRACE_NANOS)).containsExactly("ACSP");
    assertThat(grace.due(GRACE_NANOS)).isEmpty();
  }

  @Test
  void other_devices_and_other_payments_are_left_alone() {
    grace.offer("d", "payment:1", false, "one", 0);
    grace.offer("d", "payment:2", false, "two", 0);
    grace.offer("e", "payment:1", false, "three", 0);
    assertThat(grace.offer("d", "payment:1", true, "final", 0).superseded()).containsExactly("one");
    assertThat(grace.drain()).containsExactly("two", "three");
  }

  @Test
  void where_answers_take_long_notices_wait_longer_but_not_for_ever() {
    for (int payment = 0; payment < 100; payment++) {
      grace.offer("d", "payment:" + payment, false, "ACSP", 0);
      grace.offer("d", "payment:" + payment, true, "ACCC", 3 * GRACE_NANOS);
    }
    grace.offer("d", "payment:next", false, "ACSP", 0);
    assertThat(grace.due(3 * GRACE_NANOS)).isEmpty();
    assertThat(grace.due(NoticeGrace.MAX_GRACE_MILLIS * 1_000_000)).containsExactly("ACSP");
  }

  @Test
  void one_answer_after_an_outage_hardly_changes_the_grace() {
    grace.offer("d", "payment:stuck", false, "ACSP", 0);
    grace.offer("d", "payment:stuck", true, "ACCC", 3_600_000_000_000L);
    grace.offer("d", "payment:next", false, "ACSP", 0);
    assertThat(grace.due(2 * GRACE_NANOS)).containsExactly("ACSP");
  }
}
