package org.interseal.bank.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoticeGraceTest {
  private static final long GRACE_NANOS = 300_000_000;
  private final NoticeGrace<String> grace = new NoticeGrace<>(300);

  @Test
  void a_final_notice_goes_at_once() {
    assertThat(grace.offer("d", "payment:1", true, "ACCC", 0).sendNow()).isTrue();
    assertThat(grace.size()).isZero();
  }

  @Test
  void a_notice_that_is_overtaken_is_not_sent() {
    assertThat(grace.offer("d", "payment:1", false, "ACSP", 0).sendNow()).isFalse();
    NoticeGrace.Ruling<String> ruling = grace.offer("d", "payment:1", true, "ACCC", 1);
    assertThat(ruling.superseded()).containsExactly("ACSP");
    assertThat(grace.due(10 * GRACE_NANOS, 0)).isEmpty();
  }

  @Test
  void a_notice_that_nothing_overtakes_is_sent_after_its_grace() {
    grace.offer("d", "payment:1", false, "ACSP", 0);
    assertThat(grace.due(GRACE_NANOS - 1, 0)).isEmpty();
    assertThat(grace.due(GRACE_NANOS, 1)).isEmpty();
    assertThat(grace.due(GRACE_NANOS, 0)).containsExactly("ACSP");
    assertThat(grace.due(GRACE_NANOS, 0)).isEmpty();
  }

  @Test
  void other_devices_and_other_payments_are_left_alone() {
    grace.offer("d", "payment:1", false, "one", 0);
    grace.offer("d", "payment:2", false, "two", 0);
    grace.offer("e", "payment:1", false, "three", 0);
    assertThat(grace.offer("d", "payment:1", true, "final", 0).superseded()).containsExactly("one");
    assertThat(grace.drain()).containsExactly("two", "three");
  }
}
