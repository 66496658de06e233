package org.interseal.bank.inbox;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.interseal.identity.BankId;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.tag.TaggedEnvelope;
import org.interseal.store.AppendTable;
import org.interseal.store.Monitor;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RunningTime;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the bank's stream of {@code transactions} into the inbox on a thread of its own. A feed
 * wakes it; it polls now and then whatever the feed says, and subscribes again when the feed ends,
 * or is found to have gone mute.
 *
 * <p>At its own pace, and however busy the stream is, it sweeps the whole life of messages for rows
 * that nobody has read. After a start that hands over everything from before the cursor once more,
 * a hundred rows a step at most, except what is known to be consumed or set aside: the ledger finds
 * it consumed and makes no block of it.
 */
public final class StreamFollower implements AutoCloseable {
  /**
   * A row that became visible behind what was read is found that much later, unless the store is
   * slow.
   */
  private static final long MAX_SCAN_MILLIS = 100;

  /** After a look through the overlap, so many times as long without one. */
  private static final long SCAN_REST = 9;

  /** As much for the sweep, which has no hurry. */
  private static final long SWEEP_REST = 50;

  private static final Logger log = LoggerFactory.getLogger(StreamFollower.class);
  private static final long MIN_BACK_OFF_MILLIS = 50;
  private static final long MAX_BACK_OFF_MILLIS = 5_000;
  private static final long JOIN_MILLIS = 10_000;

  /**
   * So often in a row polling found what no wake-up had announced, and the feed is taken for mute.
   */
  private static final int MAX_UNANNOUNCED = 3;

  /** Takes rows on, waiting for room. */
  @FunctionalInterface
  interface Receiver {
    /** May leave rows out. */
    void add(List<Row> rows, Position cursorAfter) throws InterruptedException;

    /** As {@link #add}, and leaves none out. */
    default void addLate(List<Row> rows, Position cursorAfter) throws InterruptedException {
      add(rows, cursorAfter);
    }

    /** From where rows that were left out have to be read again now; empty when there are none. */
    default Optional<Position> leftOutFrom() {
      return Optional.empty();
    }

    /** Rows that are read again; at most a page. */
    default void addAgain(List<Row> rows, Position cursorAfter) throws InterruptedException {}

    /** Everything was read again. */
    default void caughtUp() {}
  }

  /** Which of these submissions are set aside. */
  @FunctionalInterface
  interface Kept {
    Set<String> of(List<String> submissionIds) throws StoreUnavailable;
  }

  private final Store store;
  private final AppendTable table;
  private final BankId bank;
  private final Receiver inbox;
  private final Kept setAside;
  private final InboxLimits limits;
  private final StreamReader reader;
  private final Thread thread;

  private final RunningTime time;
  private final Monitor changes;

  /** Whether there may be something to read. */
  private volatile boolean woken = true;

  /** Between looks through the overlap, which cost as much as there are rows in it. */
  private final long scanMillis;

  private volatile boolean closed;
  private volatile boolean feedEnded;
  private volatile long lastReadNanos;

  /** How old the last row was when it was read, beyond what clocks of the store's nodes explain. */
  private volatile long behindMillis;

  private final StoreTime storeTime;
  private AppendTable.@Nullable Feed feed;
  private long lastSweepNanos;
  private long lastScanNanos;
  private long scanPauseNanos;
  private long sweepPauseNanos;

  /** Found by the sweep and not in the inbox yet. */
  private List<Row> late = List.of();

  /** Reads what was left out; none while nothing is. */
  private @Nullable StreamReader again;

  private final Predicate<String> known;
  private boolean waitedInVain;
  private int unannounced;

  /**
   * @param known submissions that need no reading again: the ledger's latest blocks consumed them
   */
  public StreamFollower(
      Store shared,
      BankId bank,
      Inbox inbox,
      SetAside setAside,
      InboxLimits limits,
      Predicate<String> known,
      ThreadFactory threads,
      RunningTime time) {
    this(
        shared,
        bank,
        inbox.cursor(),
        inbox.receiver(known),
        setAside::kept,
        limits,
        known,
        time,
        threads);
  }

  StreamFollower(
      Store shared,
      BankId bank,
      Position start,
      Receiver inbox,
      Kept setAside,
      InboxLimits limits,
      Predicate<String> known,
      RunningTime time,
      ThreadFactory threads) {
    this.time = time;
    this.changes = new Monitor(time);
    this.lastReadNanos = time.nanoTime();
    this.lastSweepNanos = lastReadNanos;
    this.lastScanNanos = lastReadNanos;
    this.store = shared;
    this.storeTime = new StoreTime(shared, time);
    this.table = shared.append(TableName.TRANSACTIONS);
    this.bank = bank;
    this.inbox = inbox;
    this.setAside = setAside;
    this.limits = limits;
    this.sweepPauseNanos = TimeUnit.MILLISECONDS.toNanos(limits.sweepMillis());
    this.scanMillis =
        shared.overlapMillis() == 0 ? 0 : Math.min(MAX_SCAN_MILLIS, limits.pollMillis());
    // The row of a submission's first attempt has the submission's id.
    this.known = known;
    this.reader = new StreamReader(shared, table, bank.value(), start, known);
    this.thread = threads.newThread(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    long backOffMillis = MIN_BACK_OFF_MILLIS;
    try {
      while (!closed) {
        try {
          readOn();
          backOffMillis = MIN_BACK_OFF_MILLIS;
        } catch (StoreUnavailable e) {
          log.warn(
              "reading transactions failed, trying again in {} ms: {}",
              backOffMillis,
              e.getMessage());
          // Not on the wake-ups: a store that is out of order may give any number of them.
          if (changes.awaitMillis(() -> closed, backOffMillis)) {
            return;
          }
          backOffMillis = Math.min(MAX_BACK_OFF_MILLIS, backOffMillis * 2);
        }
      }
    } catch (InterruptedException e) {
      // Only close() interrupts: the thread ends.
      Thread.currentThread().interrupt();
    } finally {
      unsubscribe();
    }
  }

  /**
   * One round: what is new, and a step of the sweep when it is time. Waits when there was nothing.
   */
  void readOn() throws StoreUnavailable, InterruptedException {
    subscribe();
    // Before rows are read: where it fails, none are lost.
    long storeMillis = storeTime.millis();
    long beginNanos = time.nanoTime();
    long scanDueNanos = scanPauseNanos - (beginNanos - lastScanNanos);
    boolean scans = scanDueNanos <= 0;
    List<Row> rows = scans ? reader.poll(limits.pageRows()) : reader.pollForward(limits.pageRows());
    lastReadNanos = time.nanoTime();
    if (scans && rows.isEmpty()) {
      lastScanNanos = lastReadNanos;
      scanPauseNanos =
          Math.max(
              TimeUnit.MILLISECONDS.toNanos(scanMillis), SCAN_REST * (lastReadNanos - beginNanos));
    }
    behindMillis =
        rows.isEmpty()
            ? 0
            : Math.max(0, storeMillis - rows.getLast().timestampMillis() - store.overlapMillis());
    noteWhetherAnnounced(!rows.isEmpty());
    if (!rows.isEmpty()) {
      inbox.add(rows, reader.cursor());
    }
    if (!sweep() && !readAgain() && rows.isEmpty()) {
      long pauseNanos = TimeUnit.MILLISECONDS.toNanos(limits.pollMillis());
      boolean announced =
          changes.awaitNanos(
              this::takeWake, scans ? pauseNanos : Math.min(pauseNanos, scanDueNanos));
      waitedInVain = scans && !announced;
    }
  }

  /** A page of what was left out, by a reader of its own that follows the first one. */
  private boolean readAgain() throws StoreUnavailable, InterruptedException {
    Optional<Position> from = inbox.leftOutFrom();
    if (from.isEmpty()) {
      return false;
    }
    if (again == null) {
      again = new StreamReader(store, table, bank.value(), from.get(), known);
    }
    // In full: reading forward alone moves no cursor, and there may be more ahead for very long.
    List<Row> rows = again.poll(limits.pageRows());
    if (rows.isEmpty()) {
      again = null;
      inbox.caughtUp();
      return false;
    }
    inbox.addAgain(rows, again.cursor());
    return true;
  }

  /**
   * A feed that says nothing although there is something costs a poll's pause each time: a new one
   * costs little.
   */
  private void noteWhetherAnnounced(boolean found) {
    if (!found) {
      return;
    }
    unannounced = waitedInVain && !woken ? unannounced + 1 : 0;
    waitedInVain = false;
    if (unannounced == MAX_UNANNOUNCED) {
      log.info("the feed of transactions seems to be mute and is replaced");
      unannounced = 0;
      unsubscribe();
    }
  }

  /**
   * Looks for rows that became visible too late for the cursor; where stamps follow commits there
   * are none.
   */
  private boolean sweep() throws StoreUnavailable, InterruptedException {
    if (late.isEmpty()) {
      long now = time.nanoTime();
      if (store.overlapMillis() == 0 || now - lastSweepNanos < sweepPauseNanos) {
        return false;
      }
      lastSweepNanos = now;
      late = reader.sweep(store.nowMillis() - limits.messageLifeMillis(), limits.sweepReferences());
      sweepPauseNanos =
          Math.max(
              TimeUnit.MILLISECONDS.toNanos(limits.sweepMillis()),
              SWEEP_REST * (time.nanoTime() - now));
    }
    if (late.isEmpty()) {
      return false;
    }
    Set<String> kept = setAside.of(late.stream().map(this::submission).toList());
    List<Row> unread = late.stream().filter(row -> !kept.contains(submission(row))).toList();
    log.debug("the sweep found {} rows, {} of them not set aside", late.size(), unread.size());
    if (!unread.isEmpty()) {
      inbox.addLate(unread, reader.cursor());
    }
    late = List.of();
    return true;
  }

  private String submission(Row row) {
    return SubmissionId.of(bank, TaggedEnvelope.of(row.body()).envelope());
  }

  private void subscribe() {
    if (feedEnded) {
      unsubscribe();
      feedEnded = false;
    }
    if (feed == null) {
      feed =
          table.follow(
              bank.value(),
              this::wake,
              () -> {
                feedEnded = true;
                wake();
              });
    }
  }

  private void unsubscribe() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
  }

  private void wake() {
    changes.change(() -> woken = true);
  }

  private boolean takeWake() {
    boolean was = woken;
    woken = false;
    return was;
  }

  /**
   * How long the last row that was read had been in the store, by the store's clock and beyond the
   * store's overlap; 0 when nothing is left to read. Any thread.
   */
  public long behindMillis() {
    return behindMillis;
  }

  /** How long ago the store last answered. */
  public long millisSinceRead() {
    return TimeUnit.NANOSECONDS.toMillis(time.nanoTime() - lastReadNanos);
  }

  /** Stops reading; what was read stays in the inbox. */
  @Override
  public void close() {
    changes.change(() -> closed = true);
    thread.interrupt();
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
