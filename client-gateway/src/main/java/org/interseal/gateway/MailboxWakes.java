package org.interseal.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.store.AppendTable;
import org.interseal.store.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes whoever waits for news of a mailbox: one feed for all of them. A feed may end, miss or go
 * mute, so everybody is woken every now and then as well; being woken for nothing is harmless. A
 * feed that did not name what others found is taken for mute and replaced.
 *
 * <p>On a distributed store each reading costs a round trip, and thousands may wait: there a part
 * of them is woken at a time. And there a feed may tell of a row a moment before it can be read, so
 * that who is woken is woken again.
 */
final class MailboxWakes implements AutoCloseable {
  /** In so many turns of the backstop those who wait are woken on a distributed store. */
  private static final int PARTS = 12;

  /** So many owners are woken in a turn even when they are more than a part. */
  private static final int MIN_PER_TURN = 8;

  /** Past this the turns become more, so that who waits costs the store no more. */
  static final int MAX_PER_TURN = 100;

  private static final long SECOND_WAKE_MILLIS = 250;

  /** So many finds since the feed last named anything: it is taken for mute. */
  static final int MAX_UNANNOUNCED = 3;

  private static final Logger LOG = LoggerFactory.getLogger(MailboxWakes.class);

  private final AppendTable table;
  private final Scheduler timer;
  private final long backstopMillis;
  private final boolean distributed;
  private final Set<String> wokenAgain = ConcurrentHashMap.newKeySet();
  private final ConcurrentSkipListMap<String, List<Waiter>> sleepers =
      new ConcurrentSkipListMap<>();
  private final AtomicInteger unannounced = new AtomicInteger();
  private final Object feedLock = new Object();
  private AppendTable.@Nullable Feed feed;
  private boolean closed;
  private String lastInTurn = "";
  private volatile boolean missed;

  /** Why somebody is woken; of two reasons the later one here asks for more. */
  enum Reason {
    /** The feed named the mailbox: what is new lies ahead, as a rule. */
    NEWS,
    /** A moment later: what the feed named may lie behind what was read. */
    AGAIN,
    /** For no reason but that feeds fail. */
    BACKSTOP;

    Reason or(@Nullable Reason other) {
      return other != null && other.compareTo(this) > 0 ? other : this;
    }
  }

  /** Who waits; must return at once. */
  @FunctionalInterface
  interface Waiter {
    void wake(Reason reason);
  }

  /**
   * @param distributed whether rows may become visible later than a feed tells of them
   */
  MailboxWakes(AppendTable mailbox, Scheduler timer, Duration backstop, boolean distributed) {
    this.table = mailbox;
    this.timer = timer;
    this.backstopMillis = backstop.toMillis();
    this.distributed = distributed;
    follow();
    timer.after(backstopMillis, this::turnAndAgain);
  }

  /** A registration; closing it is idempotent. */
  interface Sleeper extends AutoCloseable {
    @Override
    void close();
  }

  /** Wakes the waiter soon after rows were added to the owner's mailbox. */
  Sleeper register(String owner, Waiter waiter) {
    sleepers.merge(owner, List.of(waiter), MailboxWakes::concat);
    return () ->
        sleepers.computeIfPresent(
            owner,
            (_, registered) -> {
              // By identity: the same registration, not an equal one.
              List<Waiter> left =
                  registered.stream().filter(other -> !same(other, waiter)).toList();
              return left.isEmpty() ? null : left;
            });
  }

  /** Who was woken by the backstop alone found something. */
  void found() {
    unannounced.incrementAndGet();
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean same(Waiter a, Waiter b) {
    return a == b;
  }

  private static List<Waiter> concat(List<Waiter> a, List<Waiter> b) {
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
    unannounced.set(0);
    wake(owner, Reason.NEWS);
    if (distributed && sleepers.containsKey(owner) && wokenAgain.add(owner)) {
      try {
        timer.after(SECOND_WAKE_MILLIS, () -> wakeAgain(owner));
      } catch (RejectedExecutionException closing) {
        wokenAgain.remove(owner);
      }
    }
  }

  private void wakeAgain(String owner) {
    wokenAgain.remove(owner);
    wake(owner, Reason.AGAIN);
  }

  private void wake(String owner, Reason reason) {
    sleepers.getOrDefault(owner, List.of()).forEach(waiter -> waiter.wake(reason));
  }

  /** The next turn follows again, and wakes everybody. */
  private void ended() {
    missed = true;
    synchronized (feedLock) {
      feed = null;
    }
  }

  private void turnAndAgain() {
    if (isClosed()) {
      return;
    }
    try {
      turn();
    } finally {
      timer.after(backstopMillis, this::turnAndAgain);
    }
  }

  private boolean isClosed() {
    synchronized (feedLock) {
      return closed;
    }
  }

  private void turn() {
    if (unannounced.get() >= MAX_UNANNOUNCED) {
      LOG.info("the feed of mailboxes seems to be mute and is replaced");
      replaceFeed();
    }
    boolean everybody = missed || !distributed;
    missed = false;
    follow();
    if (everybody) {
      sleepers.keySet().forEach(owner -> wake(owner, Reason.BACKSTOP));
      return;
    }
    int count = sleepers.size();
    int part = Math.clamp(Math.ceilDiv(count, PARTS), MIN_PER_TURN, MAX_PER_TURN);
    for (int i = 0; i < Math.min(part, count); i++) {
      String next = sleepers.higherKey(lastInTurn);
      if (next == null) {
        next = sleepers.higherKey("");
      }
      if (next == null) {
        return;
      }
      lastInTurn = next;
      wake(next, Reason.BACKSTOP);
    }
  }

  private void replaceFeed() {
    unannounced.set(0);
    AppendTable.@Nullable Feed mute;
    synchronized (feedLock) {
      mute = feed;
    }
    if (mute != null) {
      mute.close();
    }
    ended();
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
