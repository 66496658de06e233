package org.interseal.store.rethinkdb;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * What time it is at the store, without asking it each time.
 *
 * <p>The server read its clock at some moment between the question and its answer. An answer counts
 * from its arrival: what this says is never ahead of that clock. This is the sign that is safe for
 * readers: a cursor ahead of the store could pass rows that are not visible yet, one behind it
 * reads some again. It is behind by no more than the answer took, which the caller can measure, or,
 * when another caller's answer is used, by {@value #MAX_SHARED_ANSWER_MILLIS} ms: an answer that
 * took longer is used by nobody else.
 *
 * <p>Thread-safe.
 */
final class StoreClock {
  /** Many ask what time it is; no clock goes far wrong in half a second since the question. */
  static final long MAX_SAMPLE_AGE_MILLIS = 500;

  static final long MAX_SHARED_ANSWER_MILLIS = 250;

  /** Asks a server for its time in milliseconds. Blocks. */
  @FunctionalInterface
  interface Question {
    long ask() throws StoreUnavailable;
  }

  private record Sample(long millis, long askedNanos, long answeredNanos) {}

  private final Question question;
  private final LongSupplier nanoTime;
  private volatile @Nullable Sample last;

  /**
   * @param nanoTime as {@link System#nanoTime}, which nobody sets
   */
  StoreClock(Question question, LongSupplier nanoTime) {
    this.question = question;
    this.nanoTime = nanoTime;
  }

  long nowMillis() throws StoreUnavailable {
    Sample sample = last;
    long now = nanoTime.getAsLong();
    if (sample != null && millis(now - sample.askedNanos()) <= MAX_SAMPLE_AGE_MILLIS) {
      return sample.millis() + millis(now - sample.answeredNanos());
    }
    long answer = question.ask();
    long answered = nanoTime.getAsLong();
    if (millis(answered - now) <= MAX_SHARED_ANSWER_MILLIS) {
      last = new Sample(answer, now, answered);
    }
    return answer;
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
