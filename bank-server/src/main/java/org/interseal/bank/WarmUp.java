package org.interseal.bank;

import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.interseal.bank.processing.NodePhase;
import org.interseal.store.Monitor;
import org.interseal.store.RunningTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a server that follows, and so neither opens nor seals, do both for itself a number of times:
 * otherwise the first customers after a take-over wait for code that was never compiled. A server
 * that writes needs no such thing. On a thread of its own.
 */
final class WarmUp implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  /**
   * How much.
   *
   * @param lookMillis between two looks at what the server does, while it starts
   * @param pauseMillis between two rounds: there is no hurry, and others need the processor
   */
  record Limits(int rounds, long lookMillis, long pauseMillis) {
    static final Limits DEFAULT = new Limits(300, 200, 5);
  }

  private final Supplier<List<NodePhase>> phases;
  private final Runnable round;
  private final Limits limits;
  private final Monitor monitor;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param phases of all partitions
   * @param round what is done again and again
   */
  WarmUp(
      Supplier<List<NodePhase>> phases,
      Runnable round,
      Limits limits,
      ThreadFactory threads,
      RunningTime time) {
    this.phases = phases;
    this.round = round;
    this.limits = limits;
    this.monitor = new Monitor(time);
    this.thread = threads.newThread(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed && phases.get().stream().anyMatch(NodePhase.Starting.class::isInstance)) {
        pause(limits.lookMillis());
      }
      int done = 0;
      while (!closed && done < limits.rounds() && onlyFollows()) {
        round.run();
        done++;
        pause(limits.pauseMillis());
      }
      if (done > 0) {
        log.debug("opened and sealed {} letters for practice", done);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // The server does without.
      log.warn("practising ended", e);
    }
  }

  private boolean onlyFollows() {
    List<NodePhase> now = phases.get();
    return !now.isEmpty() && now.stream().allMatch(NodePhase.Following.class::isInstance);
  }

  private void pause(long millis) throws InterruptedException {
    var _ = monitor.awaitMillis(() -> closed, millis);
  }

  /** Returns at once; the round in hand is the last. */
  @Override
  public void close() {
    monitor.change(() -> closed = true);
  }
}
