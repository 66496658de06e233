package org.interseal.store.sqlite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.interseal.store.AppendTable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who follows what in one file, and up to which row of each table they were woken.
 *
 * <p>Rows are never deleted, so SQLite's rowids grow in commit order and mark a place exactly: a
 * commit of this process whose rows follow the mark wakes followers by itself; whatever else there
 * is beyond the mark, the poller finds.
 */
final class Feeds {
  private static final Logger log = LoggerFactory.getLogger(Feeds.class);

  /** A subscription; a null stream stands for all. */
  final class Subscription implements AppendTable.Feed {
    private final Object owner;
    private final TableName table;
    private final @Nullable String stream;
    private final Consumer<String> wake;
    private final Runnable ended;

    private Subscription(
        Object owner,
        TableName table,
        @Nullable String stream,
        Consumer<String> wake,
        Runnable ended) {
      this.owner = owner;
      this.table = table;
      this.stream = stream;
      this.wake = wake;
      this.ended = ended;
    }

    @Override
    public void close() {
      remove(this);
    }
  }

  private final Map<TableName, Set<Subscription>> subscriptions = new EnumMap<>(TableName.class);
  private final Map<TableName, Long> wokenUpTo = new HashMap<>();
  private boolean closed;

  /** Somebody follows since a moment that the poller may have passed. */
  private boolean followersCame;

  /**
   * Rows beyond {@code lastRowId} wake it.
   *
   * @param lastRowId the table's greatest rowid at a moment before this call
   */
  synchronized Subscription follow(
      Object owner,
      TableName table,
      @Nullable String stream,
      long lastRowId,
      Consumer<String> wake,
      Runnable ended) {
    Subscription subscription = new Subscription(owner, table, stream, wake, ended);
    if (!closed) {
      subscriptions.computeIfAbsent(table, key -> new LinkedHashSet<>()).add(subscription);
      wokenUpTo.merge(table, lastRowId, Math::min);
      followersCame = true;
      notifyAll();
    }
    return subscription;
  }

  private synchronized boolean remove(Subscription subscription) {
    Set<Subscription> ofTable = subscriptions.get(subscription.table);
    if (ofTable == null || !ofTable.remove(subscription)) {
      return false;
    }
    if (ofTable.isEmpty()) {
      // Without followers nobody keeps the mark up.
      subscriptions.remove(subscription.table);
      wokenUpTo.remove(subscription.table);
    }
    return true;
  }

  /** Waits until somebody follows; false when the file was closed meanwhile. */
  synchronized boolean awaitFollowers() throws InterruptedException {
    while (subscriptions.isEmpty() && !closed) {
      wait();
    }
    return !closed;
  }

  /** Whether somebody has begun to follow since this was asked last. */
  synchronized boolean followersCame() {
    boolean came = followersCame;
    followersCame = false;
    return came;
  }

  synchronized Set<TableName> followedTables() {
    return subscriptions.isEmpty() ? Set.of() : EnumSet.copyOf(subscriptions.keySet());
  }

  synchronized OptionalLong wokenUpTo(TableName table) {
    Long mark = wokenUpTo.get(table);
    return mark == null ? OptionalLong.empty() : OptionalLong.of(mark);
  }

  /**
   * The poller saw the table up to this row; {@code streams} has those with rows beyond {@code
   * afterRowId}. Who began to follow meanwhile, at an earlier row, still has to be told of what is
   * between.
   */
  void found(TableName table, long afterRowId, long lastRowId, Collection<String> streams) {
    synchronized (this) {
      wokenUpTo.computeIfPresent(
          table, (key, mark) -> mark < afterRowId ? mark : Math.max(mark, lastRowId));
    }
    wake(table, streams);
  }

  /**
   * Rowids went back, as they do when an operator compacts the file: all who follow the table are
   * woken.
   */
  void foundAnything(TableName table, long lastRowId, Collection<String> allStreams) {
    List<Subscription> ofTable;
    synchronized (this) {
      wokenUpTo.replace(table, lastRowId);
      ofTable = List.copyOf(subscriptions.getOrDefault(table, Set.of()));
    }
    for (Subscription subscription : ofTable) {
      Collection<String> streams =
          subscription.stream == null ? allStreams : List.of(subscription.stream);
      streams.forEach(stream -> call(subscription, stream));
    }
  }

  /**
   * A transaction of this process is durable. Moves the marks at once and wakes on another thread.
   */
  void committed(WriteTransaction transaction) {
    Map<TableName, WriteTransaction.Added> added = transaction.added();
    boolean followed = false;
    synchronized (this) {
      for (Map.Entry<TableName, WriteTransaction.Added> entry : added.entrySet()) {
        followed |= subscriptions.containsKey(entry.getKey());
        wokenUpTo.computeIfPresent(
            entry.getKey(),
            (table, mark) ->
                mark == entry.getValue().lastRowIdBefore()
                    ? entry.getValue().lastRowIdAfter()
                    : mark);
      }
    }
    if (followed) {
      Thread.ofVirtual().start(() -> added.forEach((table, rows) -> wake(table, rows.streams())));
    }
  }

  private void wake(TableName table, Collection<String> streams) {
    List<Subscription> ofTable;
    synchronized (this) {
      ofTable = List.copyOf(subscriptions.getOrDefault(table, Set.of()));
    }
    for (Subscription subscription : ofTable) {
      if (subscription.stream == null) {
        streams.forEach(stream -> call(subscription, stream));
      } else if (streams.contains(subscription.stream)) {
        call(subscription, subscription.stream);
      }
    }
  }

  private static void call(Subscription subscription, String stream) {
    try {
      subscription.wake.accept(stream);
    } catch (RuntimeException e) {
      // One follower's bug must not cost the others their wake-ups.
      log.error("a follower of {} failed", subscription.table, e);
    }
  }

  /** Ends the feeds of one owner, or all when it is null; each learns of it once. */
  void end(@Nullable Object owner) {
    List<Subscription> ending = new ArrayList<>();
    synchronized (this) {
      for (Set<Subscription> ofTable : subscriptions.values()) {
        ofTable.stream().filter(s -> owner == null || s.owner.equals(owner)).forEach(ending::add);
      }
    }
    for (Subscription subscription : ending) {
      if (remove(subscription)) {
        runEnded(subscription);
      }
    }
  }

  private static void runEnded(Subscription subscription) {
    try {
      subscription.ended.run();
    } catch (RuntimeException e) {
      log.error("a follower of {} failed at the end of its feed", subscription.table, e);
    }
  }

  /** Nothing can be followed any more. */
  void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    end(null);
  }
}
