package org.interseal.gateway;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.interseal.store.AppendTable;
import org.jspecify.annotations.Nullable;

/**
 * Wakes whoever waits for news of a mailbox: one feed for all of them. A feed may end, miss or go mute, so
 * everybody is woken every now and then as well; being woken for nothing is harmless.
 */
final class MailboxWakes implements AutoCloseable {
  private final AppendTable table;
  private final ConcurrentHashMap<String, List<Runnable>> sleepers = new ConcurrentHashMap<>();
  private final Object feedLock = new Object();
  private AppendTable.@Nullable Feed feed;
  private boolean closed;

  MailboxWakes(AppendTable mailbox, ScheduledExecutorService timer, Duration backstop) {
    this.table = mailbox;
    follow();
    var _ =
        timer.scheduleWithFixedDelay(
            this::wakeAll, backstop.toMillis(), backstop.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A registration; closing it is idempotent. */
  interface Sleeper extends AutoCloseable {
    @Override
    void close();
  }

  /** Calls {@code wake} soon after rows were added to the owner's mailbox; it must return at once. */
  Sleeper register(String owner, Runnable wake) {
    sleepers.merge(owner, List.of(wake), MailboxWakes::concat);
    return () ->
        sleepers.computeIfPresent(
            owner,
            (_, registered) -> {
              // By identity: the same registration, not an equal one.
              List<Runnable> left = registered.stream().filter(other -> !same(other, wake)).toList();
              return left.isEmpty() ? null : left;
            });
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean same(Runnable a, Runnable b) {
    return a == b;
  }

  private static List<Runnable> concat(List<Runnable> a, List<Runnable> b) {
    return java.util.stream.Stream.concat(a.stream(), b.stream()).toList();
  }

  private void follow() {
    synchronized (feedLock) {
      if (feed == null && !closed) {
        feed = table.followAll(this::wake, this::ended);
      }
    }
  }

  private void wake(String owner) {
    sleepers.getOrDefault(owner, List.of()).forEach(Runnable::run);
  }

  /** The next backstop follows again. */
  private void ended() {
    synchronized (feedLock) {
      feed = null;
    }
  }

  private void wakeAll() {
    follow();
    sleepers.values().forEach(registered -> registered.forEach(Runnable::run));
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
