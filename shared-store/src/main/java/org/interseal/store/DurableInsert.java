package org.interseal.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Inserts rows so that their readers will see them, or says that it gave up.
 *
 * <p>The id of a row derives from its content and the number of the attempt, so that nobody can
 * keep a row out by taking its id. An unknown outcome is followed by the same bytes at the same id.
 * The next attempt follows when the id is taken by other content and, for readers by cursor, when
 * the row may have become visible behind their overlap: acknowledged too late, or already there for
 * longer than half the overlap.
 *
 * <p>So one content may stand in the store under several attempts: readers tell duplicates by what
 * is inside, never by row id. Thread-safe.
 */
public final class DurableInsert {
  /** How the rows are read, which decides what counts as seen. */
  public enum ReadBy {
    /** By {@link StreamReader} or another cursor over (timestamp, id). */
    CURSOR,
    /** By id, where a late row is as good as an early one. */
    ID
  }

  /** The row that carries one content at an attempt, counted from 0. Must be a pure function. */
  @FunctionalInterface
  public interface Content {
    NewRow row(int attempt);
  }

  /** What became of one content. */
  public sealed interface Result {
    /**
     * It is durable and readers will see it.
     *
     * @param timestampMillis the store's stamp
     * @param attempt under which it stands
     * @param first false when the row was there already: from an earlier call, or from a try of
     *     this one whose outcome was unknown
     */
    record Durable(long timestampMillis, int attempt, boolean first) implements Result {}

    /**
     * Not known to be durable; it may be nevertheless. The same call again continues where this
     * left off.
     */
    record GaveUp(String reason) implements Result {}
  }

  /**
   * @param maxAttempts ids tried for one content
   * @param maxMillis for the whole call
   * @param retryDelayMillis before the same bytes are tried again for the first time; doubled for
   *     each further try, up to {@value #MAX_RETRY_DELAY_MILLIS} or this, whichever is more
   */
  public record Limits(int maxAttempts, long maxMillis, long retryDelayMillis) {
    public static final long MAX_RETRY_DELAY_MILLIS = 1_000;

    public static final Limits DEFAULT = new Limits(8, 30_000, 20);

    /** The longest pause after so many tries that came to nothing, at least one. */
    long pauseMillis(int tries) {
      long most = Math.max(retryDelayMillis, MAX_RETRY_DELAY_MILLIS);
      long pause = retryDelayMillis;
      for (int i = 1; i < tries && pause < most; i++) {
        pause = Math.min(most, pause * 2);
      }
      return pause;
    }
  }

  private final Store store;
  private final AppendTable table;
  private final boolean lateRowsAreMissed;
  private final Limits limits;
  private final Scheduler scheduler;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;

  /**
   * @param scheduler for retries and for asking the store's clock, which may block
   * @param nanoTime a clock that is never set back, such as {@code System::nanoTime}
   * @param random for half of each pause, so that writers do not come back together; thread-safe
   *     where the scheduler has several threads
   */
  public DurableInsert(
      Store store,
      TableName table,
      ReadBy readBy,
      Limits limits,
      Scheduler scheduler,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.store = store;
    this.table = store.append(table);
    this.lateRowsAreMissed = readBy == ReadBy.CURSOR && store.overlapMillis() > 0;
    this.limits = limits;
    this.scheduler = scheduler;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /**
   * One result per content in the same order; never completes exceptionally for an operating error.
   */
  public CompletableFuture<List<Result>> insert(List<? extends Content> contents) {
    Job job = new Job(List.copyOf(contents));
    job.start();
    return job.done;
  }

  /** What follows one outcome. */
  private sealed interface Next {
    record Done(Result result) implements Next {}

    record NextAttempt(String reason) implements Next {}

    record SameAgain(String reason) implements Next {}

    record AskClock(long timestampMillis) implements Next {}
  }

  private Next next(InsertOutcome outcome, int attempt, long tookMillis) {
    return switch (outcome) {
      case InsertOutcome.Inserted(long timestamp) ->
          lateRowsAreMissed && tookMillis > store.acknowledgementLimitMillis()
              ? new Next.NextAttempt("acknowledged too late")
              : new Next.Done(new Result.Durable(timestamp, attempt, true));
      case InsertOutcome.AlreadyThere(long timestamp) ->
          lateRowsAreMissed
              ? new Next.AskClock(timestamp)
              : new Next.Done(new Result.Durable(timestamp, attempt, false));
      case InsertOutcome.Occupied _ -> new Next.NextAttempt("its ids are taken");
      case InsertOutcome.Unknown(String detail) -> new Next.SameAgain("unknown outcome: " + detail);
      case InsertOutcome.Failed(String detail) -> new Next.SameAgain("failed: " + detail);
    };
  }

  /**
   * Whether rows that were there already stand where every reader still looks. Blocks. The store's
   * clock may be behind by what the answer took: a row that was taken for younger than it is would
   * be left where readers no longer look, one that was taken for older is written once more.
   */
  private List<Next> nextByAge(List<Long> timestamps, IntUnaryOperator attemptOf) {
    long askedNanos = nanoTime.getAsLong();
    List<Next> nexts = new ArrayList<>(timestamps.size());
    try {
      long storeMillis = store.nowMillis();
      long tookMillis = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - askedNanos);
      for (int i = 0; i < timestamps.size(); i++) {
        long timestamp = timestamps.get(i);
        nexts.add(
            storeMillis + tookMillis - timestamp <= store.overlapMillis() / 2
                ? new Next.Done(new Result.Durable(timestamp, attemptOf.applyAsInt(i), false))
                : new Next.NextAttempt("there for longer than readers look back"));
      }
    } catch (StoreUnavailable e) {
      timestamps.forEach(
          _ -> nexts.add(new Next.SameAgain("the store's clock is unknown: " + e.getMessage())));
    }
    return nexts;
  }

  /** One call. Its contents go their ways in waves of those that are at the same point. */
  private final class Job {
    private final List<Content> contents;
    private final int[] attempts;
    private final AtomicReferenceArray<Result> results;
    private final AtomicInteger open;
    private final long startNanos = nanoTime.getAsLong();
    private final CompletableFuture<List<Result>> done = new CompletableFuture<>();

    Job(List<Content> contents) {
      this.contents = contents;
      this.attempts = new int[contents.size()];
      this.results = new AtomicReferenceArray<>(contents.size());
      this.open = new AtomicInteger(contents.size());
    }

    void start() {
      if (contents.isEmpty()) {
        done.complete(List.of());
      }
      for (int from = 0; from < contents.size(); from += StoreLimits.MAX_ROWS) {
        int to = Math.min(contents.size(), from + StoreLimits.MAX_ROWS);
        send(IntStream.range(from, to).boxed().toList(), 0);
      }
    }

    /**
     * @param tries of these same bytes that came to nothing
     */
    private void send(List<Integer> wave, int tries) {
      List<NewRow> rows = wave.stream().map(i -> contents.get(i).row(attempts[i])).toList();
      long sentNanos = nanoTime.getAsLong();
      var _ =
          table
              .insert(rows)
              .whenComplete((outcomes, failure) -> {
                if (failure != null) {
                  wave.forEach(i -> finish(i, new Result.GaveUp(String.valueOf(failure))));
                  return;
                }
                long tookMillis = millisSince(sentNanos);
                List<Next> nexts = new ArrayList<>(wave.size());
                for (int i = 0; i < wave.size(); i++) {
                  nexts.add(next(outcomes.get(i), attempts[wave.get(i)], tookMillis));
                }
                proceed(wave, nexts, tries);
              });
    }

    private void proceed(List<Integer> wave, List<Next> nexts, int tries) {
      List<Integer> nextAttempt = new ArrayList<>();
      List<Integer> sameAgain = new ArrayList<>();
      List<Integer> askClock = new ArrayList<>();
      List<Long> timestamps = new ArrayList<>();
      boolean outOfTime = millisSince(startNanos) > limits.maxMillis();
      for (int i = 0; i < wave.size(); i++) {
        int content = wave.get(i);
        switch (nexts.get(i)) {
          case Next.Done(Result result) -> finish(content, result);
          case Next.NextAttempt(String reason) -> {
            if (outOfTime || attempts[content] + 1 >= limits.maxAttempts()) {
              finish(content, new Result.GaveUp(reason));
            } else {
              attempts[content]++;
              nextAttempt.add(content);
            }
          }
          case Next.SameAgain(String reason) -> {
            if (outOfTime) {
              finish(content, new Result.GaveUp(reason));
            } else {
              sameAgain.add(content);
            }
          }
          case Next.AskClock(long timestamp) -> {
            askClock.add(content);
            timestamps.add(timestamp);
          }
        }
      }
      later(0, nextAttempt, () -> send(nextAttempt, 0));
      later(pauseMillis(tries + 1), sameAgain, () -> send(sameAgain, tries + 1));
      later(0, askClock, () -> proceedByAge(askClock, timestamps, tries));
    }

    private long pauseMillis(int failed) {
      long pause = limits.pauseMillis(failed);
      return pause / 2 + random.nextLong(pause - pause / 2 + 1);
    }

    private void proceedByAge(List<Integer> wave, List<Long> timestamps, int tries) {
      // One answer for all: they were there when it was asked for.
      List<Next> nexts = nextByAge(timestamps, i -> attempts[wave.get(i)]);
      proceed(wave, nexts, tries);
    }

    private void later(long delayMillis, List<Integer> wave, Runnable task) {
      if (wave.isEmpty()) {
        return;
      }
      try {
        scheduler.after(delayMillis, task);
      } catch (RejectedExecutionException e) {
        wave.forEach(i -> finish(i, new Result.GaveUp("shutting down")));
      }
    }

    private void finish(int content, Result result) {
      results.set(content, result);
      if (open.decrementAndGet() == 0) {
        done.complete(IntStream.range(0, contents.size()).mapToObj(results::get).toList());
      }
    }

    private long millisSince(long nanos) {
      return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - nanos);
    }
  }
}
