package org.interseal.service;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.heartbeat.HeartbeatWriter;
import org.interseal.store.Store;

/** Beats on a thread of its own until it is closed. */
final class NodeHeartbeat implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final long STOP_LIMIT_MILLIS = 2_000;

  private final HeartbeatWriter writer;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("heartbeat").factory());

  private NodeHeartbeat(HeartbeatWriter writer) {
    this.writer = writer;
  }

  static NodeHeartbeat start(Store shared, Party node, SigningKey key, InstantSource clock) {
    NodeHeartbeat heartbeat =
        new NodeHeartbeat(new HeartbeatWriter(shared, node, key, clock, () -> {}));
    heartbeat.writer.start(heartbeat.thread, EVERY);
    return heartbeat;
  }

  /** Returns when no beat is in hand any more, so that the store can be closed. */
  @Override
  public void close() {
    writer.close();
    thread.shutdown();
    try {
      var _ = thread.awaitTermination(STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
