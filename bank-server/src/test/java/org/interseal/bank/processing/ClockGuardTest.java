package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.interseal.store.Store;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

class ClockGuardTest {
  private static final long MAX_AHEAD_MILLIS = 10_000;
  private static final long YEAR_MILLIS = TimeUnit.DAYS.toMillis(365);

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T10:00:00Z"));
  private long clockAheadMillis;
  private long storeAheadMillis;
  private final InstantSource clock = () -> time.instant().plusMillis(clockAheadMillis);

  /** As the embedded store has it: the same clock. */
  private final Store store =
      UnkindStore.bank(
          1, () -> time.instant().plusMillis(storeAheadMillis), time, Unkindness.none());

  private final ClockGuard guard =
      new ClockGuard(
          store, clock, () -> TimeUnit.MILLISECONDS.toNanos(time.millis()), MAX_AHEAD_MILLIS);

  private boolean tooFarAheadAfter(long millis) throws Exception {
    time.advance(millis);
    return guard.isTooFarAhead();
  }

  private void bothLeap(long millis) {
    clockAheadMillis += millis;
    storeAheadMillis += millis;
  }

  @Test
  void aClockAheadOfTheStoresIsNotBelieved() throws Exception {
    assertThat(tooFarAheadAfter(10)).isFalse();
    clockAheadMillis = 9_000;
    assertThat(tooFarAheadAfter(2_000)).isFalse();
    clockAheadMillis = 11_000;
    assertThat(tooFarAheadAfter(2_000)).isTrue();
  }

  @Test
  void aWrongSecondIsNotBelievedAlthoughTheStoreHasTheSameClock() throws Exception {
    assertThat(tooFarAheadAfter(10)).isFalse();
    bothLeap(YEAR_MILLIS);
    assertThat(tooFarAheadAfter(10)).isTrue();
    assertThat(guard.aheadMillis()).isGreaterThan(YEAR_MILLIS - 1_000);
    bothLeap(-YEAR_MILLIS);
    assertThat(tooFarAheadAfter(1_000)).isFalse();
  }

  @Test
  void aLeapThatLastsAMinuteIsBelieved() throws Exception {
    assertThat(tooFarAheadAfter(10)).isFalse();
    bothLeap(YEAR_MILLIS);
    assertThat(tooFarAheadAfter(10)).isTrue();
    assertThat(tooFarAheadAfter(59_000)).isTrue();
    assertThat(tooFarAheadAfter(1_000)).isFalse();
    assertThat(tooFarAheadAfter(1_000)).isFalse();
  }

  @Test
  void aClockThatRunsAnHourBehindAndIsSetRightInSmallStepsIsBelieved() throws Exception {
    for (int step = 0; step < 100; step++) {
      bothLeap(9_000);
      assertThat(tooFarAheadAfter(1_000)).isFalse();
    }
  }
}
