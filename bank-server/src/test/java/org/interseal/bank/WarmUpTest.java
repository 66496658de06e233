package org.interseal.bank;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.interseal.bank.processing.NodePhase;
import org.interseal.identity.BankId;
import org.interseal.store.RunningTime;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final int ROUNDS = 3;
  private static final NodePhase STARTING = new NodePhase.Starting();
  private static final NodePhase FOLLOWING = new NodePhase.Following();
  private static final NodePhase WRITING = new NodePhase.Writing();

  private final AtomicReference<List<NodePhase>> phases = new AtomicReference<>(List.of());
  private final AtomicInteger rounds = new AtomicInteger();
  private Thread started = Thread.currentThread();

  private WarmUp warmUp(Runnable round, long lookMillis) {
    WarmUp warmUp =
        new WarmUp(
            phases::get,
            () -> {
              rounds.incrementAndGet();
              round.run();
            },
            new WarmUp.Limits(ROUNDS, lookMillis, 1),
            task -> {
              started = Thread.ofPlatform().daemon().unstarted(task);
              return started;
            },
            RunningTime.real());
    warmUp.start();
    return warmUp;
  }

  private void awaitEnd() throws InterruptedException {
    started.join();
  }

  @Test
  void a_server_that_follows_practises_so_often_and_no_more() throws Exception {
    phases.set(List.of(FOLLOWING, FOLLOWING));
    try (WarmUp _ = warmUp(() -> {}, 1)) {
      awaitEnd();
    }
    assertThat(rounds).hasValue(ROUNDS);
  }

  @Test
  void a_server_that_writes_does_not() throws Exception {
    phases.set(List.of(FOLLOWING, WRITING));
    try (WarmUp _ = warmUp(() -> {}, 1)) {
      awaitEnd();
    }
    assertThat(rounds).hasValue(0);
  }

  @Test
  void taking_over_ends_it() throws Exception {
    phases.set(List.of(FOLLOWING));
    try (WarmUp _ = warmUp(() -> phases.set(List.of(WRITING)), 1)) {
      awaitEnd();
    }
    assertThat(rounds).hasValue(1);
  }

  @Test
  void a_server_that_still_starts_waits_and_its_stop_ends_that() throws Exception {
    phases.set(List.of(STARTING));
    try (WarmUp _ = warmUp(() -> {}, 60_000)) {
      assertThat(started.isAlive()).isTrue();
    }
    awaitEnd();
    assertThat(rounds).hasValue(0);
  }

  @Test
  void a_letter_for_practice_opens_whoever_signed_it() {
    PractiseLetter letter =
        new PractiseLetter(new BankId("BKAAXX00"), InstantSource.system(), new SecureRandom());
    letter.run();
    letter.run();
  }
}
