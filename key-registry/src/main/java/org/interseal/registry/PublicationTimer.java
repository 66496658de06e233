package org.interseal.registry;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Publishes at start what a crash left, and later what the store did not take at once. */
final class PublicationTimer implements AutoCloseable {
  private static final long PERIOD_MILLIS = 5_000;

  // Its own thread: publishing waits for the store, and the inserts' retries run on the other one.
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("registry-publication").factory());

  private PublicationTimer() {}

  static PublicationTimer start(Licensing licensing) {
    PublicationTimer timer = new PublicationTimer();
    var _ =
        timer.thread.scheduleWithFixedDelay(
            () -> {
              var _ = licensing.publishQuietly();
            },
            0,
            PERIOD_MILLIS,
            TimeUnit.MILLISECONDS);
    return timer;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      var _ = thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
