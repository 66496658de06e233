package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.interseal.rethinkdb.Change;
import org.interseal.rethinkdb.Changefeed;
import org.interseal.rethinkdb.ChangefeedListener;
import org.interseal.rethinkdb.FeedInterruption;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.AppendTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changefeeds of one table: one for each stream that is followed, up to a few; more streams,
 * and whoever follows all, share one of the whole table. Only names cross the network, never
 * bodies.
 *
 * <p>A changefeed that failed is resumed. Then followers of a stream are woken, as what came
 * meanwhile can only be found by reading; followers of all cannot be told which streams to read, so
 * that for them the feed has ended.
 */
final class TableFeeds {
  /** Streams with a changefeed of their own. */
  static final int MAX_STREAM_FEEDS = 4;

  /** How long a follower waits until the server hears it. */
  private static final long MAX_STAND_MILLIS = 5_000;

  /** The whole table. */
  private static final String ALL = "";

  private static final Logger log = LoggerFactory.getLogger(TableFeeds.class);

  /** One subscription; equal to itself alone. */
  private static final class Follower {
    final String stream;
    final Consumer<String> wake;
    final Runnable ended;

    Follower(String stream, Consumer<String> wake, Runnable ended) {
      this.stream = stream;
      this.wake = wake;
      this.ended = ended;
    }
  }

  private final RethinkDbTemplate template;
  private final Table table;
  private final StoreFields fields;
  private final String name;
  private final int buffer;
  private final Map<String, Set<Follower>> followers = new HashMap<>();
  private final Map<String, Heard> feeds = new HashMap<>();
  private boolean closed;

  TableFeeds(RethinkDbTemplate template, Table table, StoreFields fields, String name, int buffer) {
    this.template = template;
    this.table = table;
    this.fields = fields;
    this.name = name;
    this.buffer = buffer;
  }

  AppendTable.Feed follow(String stream, Runnable wake, Runnable ended) {
    return add(new Follower(stream, _ -> wake.run(), ended));
  }

  AppendTable.Feed followAll(Consumer<String> wake, Runnable ended) {
    return add(new Follower(ALL, wake, ended));
  }

  private AppendTable.Feed add(Follower follower) {
    Heard heard;
    synchronized (this) {
      if (closed) {
        return () -> {};
      }
      followers.computeIfAbsent(follower.stream, _ -> new LinkedHashSet<>()).add(follower);
      heard = heardBy(follower.stream);
    }
    if (!heard.awaitStanding() && follower.stream.equals(ALL)) {
      end(List.of(follower));
    }
    return () -> {
      var _ = remove(follower);
    };
  }

  /** The changefeed that tells of a stream; a new one when there is none. */
  private Heard heardBy(String stream) {
    Heard own = feeds.get(stream);
    Heard all = feeds.get(ALL);
    if (own != null || all != null) {
      return own != null ? own : Objects.requireNonNull(all);
    }
    String feed = feeds.size() < MAX_STREAM_FEEDS ? stream : ALL;
    return feeds.computeIfAbsent(feed, Heard::new);
  }

  private String feedName(String feed) {
    return feed.equals(ALL) ? name : name + "-" + feed;
  }

  private ReqlExpr changes(String feed) {
    ReqlExpr rows =
        feed.equals(ALL)
            ? table
            : table
                .between(r.array(feed), r.array(feed, r.maxval()))
                .optArg("index", RethinkDbSchema.BY_STREAM);
    return rows.pluck(StoreFields.ID, fields.stream())
        .changes()
        .optArg("changefeed_queue_size", buffer);
  }

  /** Says whether it was there still. */
  private boolean remove(Follower follower) {
    List<Heard> unused = new ArrayList<>();
    boolean removed;
    synchronized (this) {
      Set<Follower> ofStream = followers.getOrDefault(follower.stream, new HashSet<>());
      removed = ofStream.remove(follower);
      if (removed && ofStream.isEmpty()) {
        followers.remove(follower.stream);
        feeds.values().removeIf(heard -> !isNeeded(heard.feed) && unused.add(heard));
      }
    }
    unused.forEach(Heard::closeElsewhere);
    return removed;
  }

  private boolean isNeeded(String feed) {
    return followers.containsKey(feed)
        || (feed.equals(ALL)
            && followers.keySet().stream().anyMatch(stream -> !feeds.containsKey(stream)));
  }

  private void end(List<Follower> over) {
    for (Follower follower : over) {
      if (remove(follower)) {
        run(follower, follower.ended);
      }
    }
  }

  private synchronized List<Follower> toldBy(String feed, String stream) {
    boolean byThisFeed = feed.equals(stream) || (feed.equals(ALL) && !feeds.containsKey(stream));
    return byThisFeed ? List.copyOf(followers.getOrDefault(stream, Set.of())) : List.of();
  }

  /** Followers by name of streams that this feed tells of. */
  private synchronized List<Follower> ofStreams(String feed) {
    return followers.keySet().stream()
        .filter(stream -> !stream.equals(ALL))
        .flatMap(stream -> toldBy(feed, stream).stream())
        .toList();
  }

  private void wake(String feed, Set<String> streams) {
    for (String stream : streams) {
      toldBy(feed, stream).forEach(follower -> run(follower, () -> follower.wake.accept(stream)));
      if (feed.equals(ALL)) {
        toldBy(feed, ALL).forEach(follower -> run(follower, () -> follower.wake.accept(stream)));
      }
    }
  }

  /** Changes were not heard: nobody knows of which streams. */
  private void missed(String feed) {
    ofStreams(feed).forEach(follower -> run(follower, () -> follower.wake.accept(follower.stream)));
    if (feed.equals(ALL)) {
      end(toldBy(feed, ALL));
    }
  }

  private void run(Follower follower, Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException e) {
      // One follower's bug must not cost the others their wake-ups.
      log.error("a follower of {} in {} failed", follower.stream, name, e);
    }
  }

  /** One changefeed. */
  private final class Heard implements ChangefeedListener {
    private final String feed;
    private final CountDownLatch settled = new CountDownLatch(1);
    private final Changefeed changefeed;
    private volatile boolean stood;

    Heard(String feed) {
      this.feed = feed;
      this.changefeed = template.follow(feedName(feed), changes(feed), this);
    }

    /** Does not wait for one that is closed, as it will never stand. */
    boolean awaitStanding() {
      try {
        return settled.await(MAX_STAND_MILLIS, TimeUnit.MILLISECONDS) && stood;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public void changed(List<Change> changes) {
      Set<String> streams = new HashSet<>();
      for (Change change : changes) {
        change.after().ifPresent(row -> streams.add(row.text(fields.stream())));
      }
      wake(feed, streams);
    }

    @Override
    public void lost(String detail) {
      log.warn("the feed {} lost changes: {}", feedName(feed), detail);
      missed(feed);
    }

    @Override
    public void interrupted(FeedInterruption interruption) {
      log.warn(
          "the feed {} was interrupted: {} {}",
          feedName(feed),
          interruption.cause(),
          interruption.detail());
      if (feed.equals(ALL)) {
        end(toldBy(feed, ALL));
      }
    }

    @Override
    public void resumed() {
      boolean first = !stood;
      stood = true;
      settled.countDown();
      if (first) {
        ofStreams(feed)
            .forEach(follower -> run(follower, () -> follower.wake.accept(follower.stream)));
      } else {
        missed(feed);
      }
    }

    /** Closing waits for the feed's thread, which may be the caller. */
    void closeElsewhere() {
      settled.countDown();
      Thread.ofVirtual().name("rethinkdb-feed-close").start(changefeed::close);
    }
  }

  /** Everybody's feed ends. */
  void close() {
    List<Follower> over;
    synchronized (this) {
      closed = true;
      over = followers.values().stream().flatMap(Set::stream).toList();
    }
    end(over);
  }
}
