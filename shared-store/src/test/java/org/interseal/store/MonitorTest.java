package org.interseal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

class MonitorTest {
  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T12:00:00Z"));
  private final Monitor monitor = new Monitor(time);
  private final AtomicBoolean ready = new AtomicBoolean();

  @Test
  void whoever_waits_hears_of_a_change_when_it_happens() throws Exception {
    long begin = time.nanoTime();
    time.after(30, () -> monitor.change(() -> ready.set(true)));
    time.after(40, () -> {});

    assertThat(monitor.awaitMillis(ready::get, 100)).isTrue();

    assertThat(time.millisSince(begin)).isEqualTo(30);
  }

  @Test
  void a_wake_up_for_nothing_does_not_end_the_waiting() throws Exception {
    long begin = time.nanoTime();
    time.after(30, monitor::wake);

    assertThat(monitor.awaitMillis(ready::get, 100)).isFalse();

    assertThat(time.millisSince(begin)).isEqualTo(100);
  }

  @Test
  void what_holds_already_is_not_waited_for() throws Exception {
    long begin = time.nanoTime();

    assertThat(monitor.awaitMillis(() -> true, 100)).isTrue();
    assertThat(monitor.awaitMillis(() -> false, 0)).isFalse();

    assertThat(time.nanoTime()).isEqualTo(begin);
  }

  @Test
  void real_threads_wait_on_real_time() throws Exception {
    Monitor real = new Monitor(RunningTime.real());
    Thread other = Thread.ofVirtual().start(() -> real.change(() -> ready.set(true)));

    assertThat(real.awaitMillis(ready::get, 10_000)).isTrue();
    assertThat(real.awaitMillis(() -> false, 1)).isFalse();
    other.join();
  }
}
