package org.interseal.gateway;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.interseal.protocol.message.DeviceRegistration;
import org.interseal.store.AppendTable;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/** Keeps the {@link DeviceDirectory} current: by the feed, and by polling because feeds go mute. */
final class DeviceFollower implements AutoCloseable {
  private static final int POLLS_PER_SWEEP = 60;

  private final DeviceDirectory devices;
  private final AppendTable table;
  private final ScheduledExecutorService timer;
  private final AtomicBoolean queued = new AtomicBoolean();
  private final Object feedLock = new Object();
  private AppendTable.@Nullable Feed feed;
  private boolean closed;
  private int polls;
  private volatile boolean reachable = true;

  DeviceFollower(
      DeviceDirectory devices,
      AppendTable table,
      ScheduledExecutorService timer,
      Duration pollEvery) {
    this.devices = devices;
    this.table = table;
    this.timer = timer;
    var _ =
        timer.scheduleWithFixedDelay(this::poll, 0, pollEvery.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether the last read went well. */
  boolean storeReachable() {
    return reachable;
  }

  private void poll() {
    synchronized (feedLock) {
      if (feed == null && !closed) {
        feed = table.follow(DeviceRegistration.STREAM, this::wake, this::feedEnded);
      }
    }
    polls++;
    read(polls % POLLS_PER_SWEEP == 0);
  }

  private void wake() {
    if (!timer.isShutdown() && queued.compareAndSet(false, true)) {
      try {
        timer.execute(() -> {
          queued.set(false);
          read(false);
        });
      } catch (java.util.concurrent.RejectedExecutionException closing) {
        queued.set(false);
      }
    }
  }

  private void feedEnded() {
    synchronized (feedLock) {
      feed = null;
    }
  }

  private void read(boolean sweep) {
    try {
      devices.refresh();
      if (sweep) {
        devices.sweep();
      }
      reachable = true;
    } catch (StoreUnavailable e) {
      // What is known stays in force; health shows it and the next poll tries again.
      reachable = false;
    } catch (RuntimeException e) {
      // A bug ends the polling; it shows in health, for good.
      reachable = false;
      throw e;
    }
  }

  @Override
  public void close() {
    synchronized (feedLock) {
      closed = true;
      if (feed != null) {
        feed.close();
      }
    }
  }
}
