package org.interseal.store.memory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.interseal.store.AppendTable;
import org.interseal.store.Scheduler;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/** Who follows what, and what they are (not) told. */
final class UnkindFeeds {
  private final UnkindDatabase database;
  private final Scheduler scheduler;
  private final Set<Subscription> subscriptions = new LinkedHashSet<>();

  UnkindFeeds(UnkindDatabase database, Scheduler scheduler) {
    this.database = database;
    this.scheduler = scheduler;
  }

  /** A subscription; a null stream stands for all. */
  final class Subscription implements AppendTable.Feed {
    private final UnkindStore owner;
    private final TableName table;
    private final @Nullable String stream;
    private final Consumer<String> wake;
    private final Runnable ended;
    private boolean mute;

    private Subscription(
        UnkindStore owner,
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

    private boolean follows(TableName changedTable, String changedStream) {
      return !mute && table == changedTable && (stream == null || stream.equals(changedStream));
    }

    @Override
    public void close() {
      remove(this);
    }
  }

  AppendTable.Feed follow(
      UnkindStore owner,
      TableName table,
      @Nullable String stream,
      Consumer<String> wake,
      Runnable ended) {
    Subscription subscription = new Subscription(owner, table, stream, wake, ended);
    synchronized (this) {
      if (!owner.isClosed()) {
        subscriptions.add(subscription);
      }
    }
    return subscription;
  }

  private synchronized boolean remove(Subscription subscription) {
    return subscriptions.remove(subscription);
  }

  private synchronized boolean isLive(Subscription subscription) {
    return subscriptions.contains(subscription) && !subscription.mute;
  }

  private synchronized void mute(Subscription subscription) {
    subscription.mute = true;
  }

  /** Something changed in this stream, or seemed to. */
  void changed(TableName table, String stream) {
    List<Subscription> followers;
    synchronized (this) {
      followers = subscriptions.stream().filter(s -> s.follows(table, stream)).toList();
    }
    followers.forEach(subscription -> tell(subscription, stream));
  }

  private void tell(Subscription subscription, String stream) {
    Unkindness unkindness = database.unkindness();
    Unkindness.Wakes wakes = unkindness.wakes();
    if (database.happens(wakes.ends())) {
      scheduler.after(
          database.upTo(unkindness.timing().maxWakeDelayMillis()), () -> end(subscription));
    } else if (database.happens(wakes.goesMute())) {
      mute(subscription);
    } else if (!database.happens(wakes.never())) {
      int times = database.happens(wakes.twice()) ? 2 : 1;
      for (int i = 0; i < times; i++) {
        scheduler.after(
            database.upTo(unkindness.timing().maxWakeDelayMillis()),
            () -> wake(subscription, stream));
      }
    }
  }

  private void wake(Subscription subscription, String stream) {
    if (isLive(subscription)) {
      subscription.wake.accept(stream);
    }
  }

  private void end(Subscription subscription) {
    if (remove(subscription)) {
      subscription.ended.run();
    }
  }

  void end(UnkindStore owner) {
    List<Subscription> ending;
    synchronized (this) {
      ending = subscriptions.stream().filter(s -> s.owner.equals(owner)).toList();
    }
    ending.forEach(this::end);
  }

  void endAll() {
    List<Subscription> ending;
    synchronized (this) {
      ending = new ArrayList<>(subscriptions);
    }
    ending.forEach(this::end);
  }

  synchronized void muteAll() {
    subscriptions.forEach(subscription -> subscription.mute = true);
  }
}
