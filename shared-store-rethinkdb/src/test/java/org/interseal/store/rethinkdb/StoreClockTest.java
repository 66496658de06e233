package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StoreClockTest {
  private static final long START_MILLIS = 1_700_000_000_000L;

  private long nowMillis;
  private long queryMillis;
  private long answerMillis;
  private int questions;

  private final StoreClock clock =
      new StoreClock(this::ask, () -> TimeUnit.MILLISECONDS.toNanos(nowMillis));

  /** The server reads its clock when the query has come. */
  private long ask() {
    questions++;
    nowMillis += queryMillis;
    long read = storeMillis();
    nowMillis += answerMillis;
    return read;
  }

  private long storeMillis() {
    return START_MILLIS + nowMillis;
  }

  @Test
  void isNeverAheadOfTheStoreAndBehindItByNoMoreThanTheAnswerTook() throws Exception {
    for (long took = 0; took <= 8_000; took += 50) {
      queryMillis = took / 3;
      answerMillis = took - queryMillis;
      nowMillis += 10_000;

      assertThat(clock.nowMillis()).isBetween(storeMillis() - took, storeMillis());
      queryMillis = 0;
      answerMillis = 0;
      nowMillis += 10;
      assertThat(clock.nowMillis())
          .as("for another caller")
          .isBetween(storeMillis() - StoreClock.MAX_SHARED_ANSWER_MILLIS, storeMillis());
    }
  }

  @Test
  void sharesAnAnswerForAMomentSinceItsQuestion() throws Exception {
    queryMillis = 100;
    assertThat(clock.nowMillis()).isEqualTo(storeMillis());
    nowMillis += StoreClock.MAX_SAMPLE_AGE_MILLIS - queryMillis;
    assertThat(clock.nowMillis()).isEqualTo(storeMillis());
    assertThat(questions).isOne();
    nowMillis += 1;
    assertThat(clock.nowMillis()).isEqualTo(storeMillis());
    assertThat(questions).isEqualTo(2);
  }

  @Test
  void sharesNoAnswerThatCameLate() throws Exception {
    answerMillis = 8_000;
    assertThat(clock.nowMillis()).isEqualTo(storeMillis() - 8_000);
    answerMillis = 0;
    assertThat(clock.nowMillis()).isEqualTo(storeMillis());
    assertThat(questions).isEqualTo(2);
  }
}
