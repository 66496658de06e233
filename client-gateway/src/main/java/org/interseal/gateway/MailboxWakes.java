package org.interseal.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.interseal.store.AppendTable;
import org.jspecify.annotations.Nullable;

/**
 * Wakes whoever waits for news of a mailbox: one feed for all of them. A feed may end, miss or go
 * mute, so everybody is woken every now and then as well; being woken for nothing is harmless.
 *
 * <p>On a distributed store each reading costs a round trip, and thousands may wait: there a part
 * of them is woken at a time. And there a feed may tell of a row a moment before it can be read, so
 * that who is woken is woken again.
 */
final class MailboxWakes implements AutoCloseable {
  /** Parts in which those who wait are woken on a distributed store. */
  private static final int PARTS = 6;

  private static final long SECOND_WAKE_MILLIS = 250;

  private final AppendTable table;
  private final ScheduledExecutorService timer;
  private final boolean distributed;
  private final Set<String> wokenAgain = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<String, List<Runnable>> sleepers = new ConcurrentHashMap<>();
  private final Object feedLock = new Object();
  private AppendTable.@Nullable Feed feed;
  private boolean closed;
  private int round;
  private volatile boolean missed;

  /**
   * @param distributed whether rows may become visible later than a feed tells of them
   */
  MailboxWakes(
      AppendTable mailbox, ScheduledExecutorService timer, Duration backstop, boolean distributed) {
    this.table = mailbox;
    this.timer = timer;
    this.distributed = distributed;
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

  /**
   * Calls {@code wake} soon after rows were added to the owner's mailbox; it must return at once.
   */
  Sleeper register(String owner, Runnable wake) {
    sleepers.merge(owner, List.of(wake), MailboxWakes::concat);
    return () ->
        sleepers.computeIfPresent(
            owner,
            (_, registered) -> {
              // By identity: the same registration, not an equal one.
              List<Runnable> left =
                  registered.stream().filter(other -> !same(other, wake)).toList();
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
    wakeNow(owner);
    if (distributed && sleepers.containsKey(owner) && wokenAgain.add(owner)) {
      try {
        var _ = timer.schedule(() -> wakeAgain(owner), SECOND_WAKE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException closing) {
        wokenAgain.remove(owner);
      }
    }
  }

  private void wakeAgain(String owner) {
    wokenAgain.remove(owner);
    wakeNow(owner);
  }

  private void wakeNow(String owner) {
    sleepers.getOrDefault(owner, List.of()).forEach(Runnable::run);
  }

  /** The next backstop follows again, and wakes everybody. */
  private void ended() {
    missed = true;
    synchronized (feedLock) {
      feed = null;
    }
  }

  private void wakeAll() {
    boolean everybody = missed || !distributed;
    missed = false;
    follow();
    int part = round++ % PARTS;
    sleepers.forEach((owner, registered) -> {
      if (everybody || Math.floorMod(owner.hashCode(), PARTS) == part) {
        registered.forEach(Runnable::run);
      }
    });
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
