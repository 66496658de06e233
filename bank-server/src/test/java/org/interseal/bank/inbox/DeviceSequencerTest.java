package org.interseal.bank.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceSequencerTest {
  private static final long WAIT_MILLIS = 200;
  private static final long WAIT_NANOS = WAIT_MILLIS * 1_000_000;

  private final List<String> out = new ArrayList<>();
  private final DeviceSequencer<String> sequencer =
      new DeviceSequencer<>(device -> 0, WAIT_MILLIS, 3);

  private void offer(String device, long number, long nowNanos) {
    sequencer.offer(device, number, device + number, nowNanos, out);
  }

  @Test
  void messages_in_order_pass_at_once() {
    offer("a", 1, 0);
    offer("a", 2, 0);
    assertThat(out).containsExactly("a1", "a2");
    assertThat(sequencer.isEmpty()).isTrue();
  }

  @Test
  void a_message_waits_for_its_predecessor_and_follows_it() {
    offer("a", 3, 0);
    offer("a", 2, 0);
    assertThat(out).isEmpty();
    offer("a", 1, 0);
    assertThat(out).containsExactly("a1", "a2", "a3");
  }

  @Test
  void a_gap_holds_up_nobody_else_and_not_for_long() {
    offer("a", 2, 0);
    offer("b", 1, 0);
    assertThat(out).containsExactly("b1");
    sequencer.releaseDue(WAIT_NANOS - 1, out);
    assertThat(out).containsExactly("b1");
    sequencer.releaseDue(WAIT_NANOS, out);
    assertThat(out).containsExactly("b1", "a2");
  }

  @Test
  void what_comes_after_the_gap_was_given_up_passes_at_once() {
    offer("a", 2, 0);
    sequencer.releaseDue(WAIT_NANOS, out);
    offer("a", 1, WAIT_NANOS);
    offer("a", 3, WAIT_NANOS);
    assertThat(out).containsExactly("a2", "a1", "a3");
  }

  @Test
  void numbers_that_the_ledger_consumed_are_no_gap() {
    DeviceSequencer<String> restarted = new DeviceSequencer<>(device -> 41, WAIT_MILLIS, 3);
    restarted.offer("a", 42, "a42", 0, out);
    assertThat(out).containsExactly("a42");
  }

  @Test
  void more_gaps_than_the_bound_are_not_waited_for() {
    for (int device = 0; device < 4; device++) {
      offer("device-" + device + "-", 2, 0);
    }
    assertThat(out).containsExactly("device-3-2");
  }

  @Test
  void the_same_number_twice_is_the_ledgers_decision() {
    sequencer.offer("a", 2, "first", 0, out);
    sequencer.offer("a", 2, "second", 0, out);
    assertThat(out).containsExactly("second");
    sequencer.releaseDue(WAIT_NANOS, out);
    assertThat(out).containsExactly("second", "first");
  }
}
