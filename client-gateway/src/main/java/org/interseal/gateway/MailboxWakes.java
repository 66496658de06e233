package org.interseal.gateway;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
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
 * that who is named is woken twice more: soon, and one or two turns of the backstop later.
 */
final class MailboxWakes implements AutoCloseable {
  /** In so many turns of the backstop those who wait are woken on a distributed store. */
  private static final int PARTS = 12;

  /** So many owners are woken in a turn even when they are more than a part. */
  private static final int MIN_PER_TURN = 8;

  /** Past this the turns become more, so that who waits costs the store no more. */
  static final int MAX_PER_TURN = 100;

  private static final long SECOND_WAKE_MILLIS = 250;

  /** After so many turns whose wakes found something, and no word of the feed, it is mute. */
  static final int MAX_UNANNOUNCED = 3;

  private static final Logger LOG = LoggerFactory.getLogger(MailboxWakes.class);

  private final AppendTable table;
  private final Scheduler timer;
  private final long backstopMillis;
  private final boolean distributed;

  /** Who will be woken again soon, and whether they were named once more since that was settled. */
  private final Map<String, Boolean> again = new ConcurrentHashMap<>();

  /** Who was named, or could not read, since the last turn. */
  private final Set<String> due = ConcurrentHashMap.newKeySet();

  /** Who was before that: woken at the next turn, whoever's turn it is. The timer's alone. */
  private final Set<String> ripe = new LinkedHashSet<>();

  private final ConcurrentSkipListMap<String, List<Waiter>> sleepers =
      new ConcurrentSkipListMap<>();
  private final Object feedLock = new Object();
  private @Nullable Following following;
  private boolean closed;
  private String lastInTurn = "";

  /** Whether rows may have come of which no feed told. */
  private boolean missed;

  /** Whether somebody found something since the last turn that the feed had not named. */
  private volatile boolean found;

  /** In so many turns, since the feed last named anything. */
  private final AtomicInteger unannounced = new AtomicInteger();

  /** One feed, from its beginning to its end. */
  private static final class Following {
    private AppendTable.@Nullable Feed feed;

    /** Set before anything is locked: it may end while somebody waits for it to begin. */
    private volatile boolean over;
  }

  /** Why somebody is woken; of two reasons the later one here asks for more. */
  enum Reason {
    /** The feed named the mailbox: what is new lies ahead, as a rule. */
    NEWS,
    /** Later: what the feed named, or did not, may lie behind what was read. */
    AGAIN,
    /** As {@link #AGAIN}, while a feed should have named whatever there is. */
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
    found = true;
  }

  /** Wakes the owner once more, soon: nobody knows what there is. */
  void lookAgain(String owner) {
    if (distributed) {
      due.add(owner);
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean same(Waiter a, Waiter b) {
    return a == b;
  }

  private static List<Waiter> concat(List<Waiter> a, List<Waiter> b) {
    return java.util.stream.Stream.concat(a.stream(), b.stream()).toList();
  }

  /** Whether a feed follows now. */
  private boolean follow() {
    synchronized (feedLock) {
      if (following == null && !closed) {
        Following next = new Following();
        following = next;
        try {
          next.feed = table.followAll(this::named, () -> ended(next));
        } finally {
          if (next.feed == null || next.over) {
            following = null;
            missed = true;
          }
        }
        if (next.over) {
          next.feed.close();
        }
      }
      return following != null && !following.over;
    }
  }

  /** The next turn follows again, and wakes everybody. */
  private void ended(Following which) {
    which.over = true;
    synchronized (feedLock) {
      if (!isOver(which)) {
        following = null;
        missed = true;
      }
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private boolean isOver(Following which) {
    return following != which;
  }

  private void named(String owner) {
    unannounced.set(0);
    wake(owner, Reason.NEWS);
    if (distributed) {
      // Also for who begins to wait now, and read before the row could be read.
      due.add(owner);
      if (sleepers.containsKey(owner) && again.put(owner, true) == null) {
        wakeSoon(owner);
      }
    }
  }

  private void wakeSoon(String owner) {
    again.put(owner, false);
    try {
      timer.after(SECOND_WAKE_MILLIS, () -> wakeAgain(owner));
    } catch (RejectedExecutionException closing) {
      again.remove(owner);
    }
  }

  private void wakeAgain(String owner) {
    wake(owner, Reason.AGAIN);
    if (!again.remove(owner, false)) {
      wakeSoon(owner);
    }
  }

  private void wake(String owner, Reason reason) {
    sleepers.getOrDefault(owner, List.of()).forEach(waiter -> waiter.wake(reason));
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
    if (isMute()) {
      LOG.info("the feed of mailboxes seems to be mute and is replaced");
      endFeed();
    }
    boolean follows = follow();
    if (!distributed || (follows && hadMissed())) {
      ripe.clear();
      wakeAll(distributed ? Reason.AGAIN : Reason.BACKSTOP);
    } else {
      Set<String> woken = wakeDue();
      wakePart(woken, follows ? Reason.BACKSTOP : Reason.AGAIN);
    }
  }

  private boolean isMute() {
    boolean foundLately = found;
    found = false;
    return (foundLately ? unannounced.incrementAndGet() : unannounced.get()) >= MAX_UNANNOUNCED;
  }

  private boolean hadMissed() {
    synchronized (feedLock) {
      boolean had = missed;
      missed &= following == null || following.over;
      return had;
    }
  }

  private void wakeAll(Reason reason) {
    sleepers.keySet().forEach(owner -> wake(owner, reason));
  }

  private Set<String> wakeDue() {
    Set<String> now = ripe.stream().limit(MAX_PER_TURN).collect(Collectors.toSet());
    ripe.removeAll(now);
    Set<String> next = Set.copyOf(due);
    due.removeAll(next);
    next.stream().filter(sleepers::containsKey).forEach(ripe::add);
    now.forEach(owner -> wake(owner, Reason.AGAIN));
    return now;
  }

  private void wakePart(Set<String> woken, Reason reason) {
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
      if (!woken.contains(next)) {
        wake(next, reason);
      }
    }
  }

  private void endFeed() {
    AppendTable.@Nullable Feed last;
    synchronized (feedLock) {
      last = following == null ? null : following.feed;
      following = null;
      missed = true;
      unannounced.set(0);
    }
    if (last != null) {
      last.close();
    }
  }

  @Override
  public void close() {
    synchronized (feedLock) {
      closed = true;
    }
    endFeed();
  }
}
