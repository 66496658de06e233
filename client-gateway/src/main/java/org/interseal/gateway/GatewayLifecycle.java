package org.interseal.gateway;

import org.springframework.context.SmartLifecycle;

/** Ends waiting calls and event streams before the web server waits for its requests to end. */
final class GatewayLifecycle implements SmartLifecycle {
  private final ReplyWatches replies;
  private final EventStreams events;
  private volatile boolean running;

  GatewayLifecycle(ReplyWatches replies, EventStreams events) {
    this.replies = replies;
    this.events = events;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    replies.close();
    events.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** The highest phase stops first. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }
}
