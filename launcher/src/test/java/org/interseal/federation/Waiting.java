package org.interseal.federation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The one place where these tests wait: for futures and for conditions, always with a deadline. */
final class Waiting {
  /** Longest wait for anything that a running federation does in a second. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final long PAUSE_MILLIS = 50;

  private Waiting() {}

  /** Something that becomes true. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    return get(future, LIMIT);
  }

  static <T> T get(CompletableFuture<T> future, Duration limit) throws Exception {
    try {
      return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within " + limit.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Waits until {@code condition} holds; fails with {@code what} when it does not in time. */
  static void until(String what, Condition condition) throws Exception {
    until(what, LIMIT, condition);
  }

  static void until(String what, Duration limit, Condition condition) throws Exception {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!condition.holds()) {
      if (System.nanoTime() > deadlineNanos || never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
      }
    }
  }
}
