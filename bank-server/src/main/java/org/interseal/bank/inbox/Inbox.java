package org.interseal.bank.inbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.meters.BankMeters;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.store.Monitor;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RunningTime;

/**
 * Rows in, ledger inputs out. Rows are added by the {@link StreamFollower}, opened in parallel, and
 * taken by the one ledger thread in their order, except that a device's messages are ordered by
 * number and that a message which cannot be proved yet lets others pass.
 *
 * <p>Everything that was added and not consumed is bounded; {@link #add} blocks when it is too
 * much. Rows are opened on their writers' {@link OpeningCredits}: junk waits in the {@link
 * SlowLane} and holds nobody else up. Authors take turns ({@link FairOrder}).
 */
public final class Inbox {
  /** Rows in the slow lane, of those in flight: one in so many. */
  private static final int SLOW_LANE_SHARE = 4;

  private static final String INTERNAL_ERROR = "internal-error";

  /** How much is kept of a row that is longer than any envelope. */
  private static final int KEPT_OF_OVERLONG = 1_024;

  private final BankId bank;
  private final InboxLimits limits;
  private final MessageOpener opener;
  private final DeviceDirectory devices;
  private final Knowledge knowledge;
  private final SetAside setAside;
  private final Executor openers;
  private final RunningTime time;
  private final long beginNanos;

  private final InboxRoom room;
  private final LinkedBlockingDeque<ReceivedRow> queue = new LinkedBlockingDeque<>();

  /** Woken after rows come into the queue from other threads. */
  private final Monitor arrivals;

  private final NewRows newRows;
  private final BankMeters meters;
  private final OpeningCredits credits = new OpeningCredits();
  private final SlowLane slowLane;
  private final ProvedSubmissions proved = new ProvedSubmissions();
  private final ReadPages pages;

  // What follows belongs to the ledger thread.
  private final DeviceSequencer<InboxItem> sequencer;
  private final UnprovedRows unproved;
  private final AuthorTurns turns = new AuthorTurns();
  private int beingSetAside;

  private volatile boolean nudged;

  /**
   * @param ours envelopes of the bank's stream that are this ledger partition's; others are passed
   *     over unopened
   * @param writers who tagged a row
   * @param openers threads that may be kept busy
   * @param cursor where the ledger's state says that reading goes on
   */
  public Inbox(
      BankId bank,
      Predicate<String> ours,
      InboxLimits limits,
      MessageOpener opener,
      DeviceDirectory devices,
      Knowledge knowledge,
      SetAside setAside,
      RowWriters writers,
      BankMeters meters,
      Executor openers,
      RunningTime time,
      Position cursor) {
    this.bank = bank;
    this.limits = limits;
    this.opener = opener;
    this.devices = devices;
    this.knowledge = knowledge;
    this.setAside = setAside;
    this.meters = meters;
    this.slowLane =
        new SlowLane(
            credits,
            limits.maxRowsInFlight() / SLOW_LANE_SHARE,
            limits.maxKibInFlight() / SLOW_LANE_SHARE);
    this.pages = new ReadPages(cursor);
    this.openers = openers;
    this.time = time;
    this.beginNanos = time.nanoTime();
    this.arrivals = new Monitor(time);
    this.newRows = new NewRows(bank, ours, proved, writers, meters, this::runningMillis);
    this.room = new InboxRoom(limits);
    this.unproved = new UnprovedRows(limits.maxHeld(), time);
    this.sequencer =
        new DeviceSequencer<>(devices::highestNumber, limits.gapWaitMillis(), limits.maxHeld());
  }

  /**
   * How the follower hands on what it reads, on one thread. Waits for room.
   *
   * @param known submissions that the ledger has consumed already
   */
  StreamFollower.Receiver receiver(Predicate<String> known) {
    return new StreamFollower.Receiver() {
      @Override
      public void add(List<Row> rows, Position cursorAfter) throws InterruptedException {
        Inbox.this.add(rows, cursorAfter, known);
      }

      @Override
      public void addLate(List<Row> rows, Position cursorAfter) throws InterruptedException {
        ReceivedPage page = new ReceivedPage(cursorAfter, 0);
        List<ReceivedRow> received = newRows.of(rows, page, known);
        pages.add(page, OptionalLong.empty());
        for (ReceivedRow row : received) {
          // Whatever the credit: they come at the sweep's pace, and cannot be read again.
          boolean _ = credits.take(row.writer, time.nanoTime());
          enter(row);
        }
      }

      @Override
      public Optional<Position> leftOutFrom() {
        return slowLane.isHalfEmpty() ? pages.leftOutFrom() : Optional.empty();
      }

      @Override
      public void addAgain(List<Row> rows, Position cursorAfter) throws InterruptedException {
        ReceivedPage page = new ReceivedPage(cursorAfter, 0);
        List<ReceivedRow> received = newRows.of(rows, page, known);
        pages.addAgain(page, rows.getLast().timestampMillis());
        for (ReceivedRow row : received) {
          room.enter(row);
          slowLane.park(row);
          meters.inboxRow("parked");
        }
      }

      @Override
      public void caughtUp() {
        pages.caughtUp();
      }
    };
  }

  /**
   * Takes rows of the stream in. Those without credit are parked, and left out when there is no
   * room for that either: then they are read once more later.
   */
  void add(List<Row> rows, Position cursorAfter, Predicate<String> known)
      throws InterruptedException {
    ReceivedPage page = new ReceivedPage(cursorAfter, 0);
    List<ReceivedRow> opened = new ArrayList<>(rows.size());
    List<ReceivedRow> parked = new ArrayList<>();
    int parkedKib = 0;
    OptionalLong leftOut = OptionalLong.empty();
    for (ReceivedRow row : newRows.of(rows, page, known)) {
      if (credits.take(row.writer, time.nanoTime())) {
        opened.add(row);
      } else if (leftOut.isEmpty() && !slowLane.isFull(parked.size() + 1, parkedKib + row.kib)) {
        parked.add(row);
        parkedKib += row.kib;
      } else {
        leftOut = leftOut.isEmpty() ? OptionalLong.of(row.timestampMillis) : leftOut;
        page.rowsLeft--;
        meters.inboxRow("left-out");
      }
    }
    pages.add(page, leftOut);
    for (ReceivedRow row : parked) {
      room.enter(row);
      slowLane.park(row);
      meters.inboxRow("parked");
    }
    for (ReceivedRow row : opened) {
      enter(row);
    }
  }

  /** Takes one envelope in that an operator released. Waits for room. */
  public void inject(String envelope, long timestampMillis) throws InterruptedException {
    enter(
        new ReceivedRow(
            envelope,
            SubmissionId.of(bank, envelope),
            NewRows.UNKNOWN_WRITER,
            timestampMillis,
            runningMillis(),
            null));
  }

  private void enter(ReceivedRow row) throws InterruptedException {
    room.enter(row);
    open(row);
    queue.addLast(row);
    arrivals.wake();
  }

  private void open(ReceivedRow row) {
    CompletableFuture<Opening> opening = row.opening;
    try {
      openers.execute(() -> {
        try {
          Opening result = opener.open(row.envelope, row.submissionId);
          account(row, result);
          opening.complete(result);
        } catch (RuntimeException e) {
          // A bug, met by a message: the message must not stop the stream, the bug must be seen.
          org.slf4j.LoggerFactory.getLogger(Inbox.class).error("opening failed", e);
          opening.complete(new Opening.Refused(INTERNAL_ERROR, Opening.Hope.NONE));
        }
      });
    } catch (RejectedExecutionException e) {
      opening.complete(new Opening.Refused("shutting-down", Opening.Hope.NEW_AUTHOR));
    }
  }

  /** What the writer gets back for a row that was opened. */
  private void account(ReceivedRow row, Opening result) {
    switch (result) {
      case Opening.Proved _ -> {
        credits.proved(row.writer);
        proved.add(row.submissionId);
      }
      case Opening.Refused(String _, Opening.Hope hope) -> {
        if (hope == Opening.Hope.OUR_KEY || hope == Opening.Hope.NEW_KEY) {
          credits.unused(row.writer);
        }
      }
    }
  }

  /** Ends the wait of {@link #take}, now or when it is called next. Any thread. */
  public void nudge() {
    nudged = true;
    arrivals.wake();
  }

  /** How many rows wait or are in hand. Any thread. */
  public int rowsInFlight() {
    return room.rowsInFlight();
  }

  private long runningMillis() {
    return time.millisSince(beginNanos);
  }

  /**
   * For how long the row has waited here that waits longest to be taken, milliseconds of running
   * time; 0 when none does. Stamps and clocks do not count: a row that was released or found late
   * is old, and nobody waited with it. Without those that waited for credit: junk must not make a
   * bank look busy. Any thread.
   */
  public long longestWaitMillis() {
    OptionalLong opened = turns.oldestMillis();
    OptionalLong oldest =
        opened.isPresent()
            ? opened
            : queue.stream()
                .filter(row -> !row.wasParked)
                .mapToLong(row -> row.waitsSinceMillis)
                .findFirst();
    return oldest.isPresent() ? runningMillis() - oldest.getAsLong() : 0;
  }

  /**
   * The store's stamp of the oldest row that waits for its writer's credit, parked or left out; or
   * empty. Any thread.
   */
  public OptionalLong oldestWithoutCreditMillis() {
    return LongStream.concat(slowLane.oldestMillis().stream(), pages.oldestLeftOutMillis().stream())
        .min();
  }

  /**
   * The next inputs, for the ledger thread.
   *
   * @param enough stops taking rows once there are so many; the last row may bring up to {@link
   *     org.interseal.protocol.message.InterbankMessage#MAX_ITEMS} - 1 more
   * @param waitMillis how long to wait for the first
   */
  public List<InboxItem> take(int enough, long waitMillis) throws InterruptedException {
    for (ReceivedRow row : slowLane.release(time.nanoTime())) {
      if (proved.contains(row.submissionId)) {
        // Meanwhile another copy was, such as the one that was read before this one was left out.
        credits.unused(row.writer);
        left(row);
      } else {
        open(row);
        queue.addLast(row);
      }
    }
    if (turns.isEmpty()) {
      boolean waitsForTime =
          !sequencer.isEmpty() || !unproved.isEmpty() || slowLane.parkedRows() > 0;
      long wait = waitsForTime ? Math.min(waitMillis, 20) : waitMillis;
      boolean _ = arrivals.awaitMillis(() -> nudged || !queue.isEmpty(), wait);
      nudged = false;
    }
    // Everything that is opened takes part in the turns, whatever is taken now; the rows in flight
    // bound it.
    ReceivedRow row = queue.pollFirst();
    while (row != null) {
      if (!row.opening.isDone() && !turns.isEmpty()) {
        queue.addFirst(row);
        break;
      }
      List<InboxItem> items = new ArrayList<>();
      deliver(row, row.opening.join(), items);
      turns.offer(items);
      row = queue.pollFirst();
    }
    long now = time.nanoTime();
    List<InboxItem> released = new ArrayList<>();
    sequencer.releaseDue(now, released);
    turns.offer(released);
    retryDue(now);
    return turns.take(enough);
  }

  private void deliver(ReceivedRow row, Opening opening, List<InboxItem> out) {
    switch (opening) {
      case Opening.Proved(List<LedgerInput> inputs) -> {
        row.inputsLeft = inputs.size();
        for (LedgerInput input : inputs) {
          InboxItem item = new InboxItem(input, row);
          if (input instanceof LedgerInput.FromDevice fromDevice && isLinkedKey(fromDevice)) {
            sequencer.offer(fromDevice.deviceId(), fromDevice.number(), item, time.nanoTime(), out);
          } else {
            out.add(item);
          }
        }
      }
      case Opening.Refused(String reason, Opening.Hope hope) -> refused(row, reason, hope, out);
    }
  }

  /**
   * Whether the device's own key signed. Somebody else can write an activation in its name, with a
   * number of his choice: that must not touch the order of the device's messages.
   */
  private boolean isLinkedKey(LedgerInput.FromDevice input) {
    return devices
        .signingKey(input.deviceId())
        .map(KeyId::ofSpki)
        .filter(input.signingKey()::equals)
        .isPresent();
  }

  private void refused(ReceivedRow row, String reason, Opening.Hope hope, List<InboxItem> out) {
    if (row.setAside) {
      row.inputsLeft = 1;
      out.add(new InboxItem(new LedgerInput.Unusable(row.submissionId + "/0", reason), row));
    } else if (unproved.keep(row, hope)) {
      knowledge.refreshSoon();
    } else {
      setAside(row, reason);
    }
  }

  /** Messages that wait for a key of ours which this server lacks. Any thread. */
  public int waitingForOurKey() {
    return unproved.waitingForOurKey();
  }

  /**
   * Longer than any envelope: nothing in it can ever be opened, and a copy would not fit into a row
   * again.
   */
  private static String kept(ReceivedRow row) {
    return row.envelope.length() <= Envelope.MAX_LENGTH
        ? row.envelope
        : row.envelope.substring(0, KEPT_OF_OVERLONG);
  }

  /** The row comes back, to the head of the queue, once it is durably set aside. */
  private void setAside(ReceivedRow row, String reason) {
    meters.junk(row.writer.isEmpty() ? "unknown" : row.writer);
    boolean keep = beingSetAside < limits.maxHeld();
    beingSetAside++;
    CompletableFuture<Void> stored =
        setAside.store(row.submissionId, reason, kept(row), row.timestampMillis, keep);
    var _ =
        stored.thenRun(() -> {
          row.setAside = true;
          row.waitsSinceMillis = runningMillis();
          row.opening =
              CompletableFuture.completedFuture(new Opening.Refused(reason, Opening.Hope.NONE));
          queue.addFirst(row);
          arrivals.wake();
        });
  }

  /**
   * An input that the ledger failed on, which is a bug: it is set aside like any other bad message,
   * so that the one who found the bug cannot stop the bank with it. For the ledger thread.
   *
   * @return what is consumed in its place
   */
  public InboxItem quarantine(InboxItem item) {
    ReceivedRow row = item.row();
    if (row == null) {
      throw new IllegalArgumentException("not from a message: " + item.input().reference());
    }
    var _ = setAside.store(row.submissionId, INTERNAL_ERROR, kept(row), row.timestampMillis, true);
    return new InboxItem(new LedgerInput.Unusable(item.input().reference(), INTERNAL_ERROR), row);
  }

  private void retryDue(long nowNanos) {
    for (ReceivedRow row :
        unproved.takeDue(nowNanos, late -> credits.take(late.writer, nowNanos))) {
      row.opening = new CompletableFuture<>();
      row.waitsSinceMillis = runningMillis();
      open(row);
      queue.addFirst(row);
    }
  }

  /**
   * These are in the block that is being made, or need none. The ledger thread keeps them in hand
   * until a block stands, so that {@link #cursor} never gets ahead of what is recorded. Saying it
   * twice is harmless.
   */
  public void consumed(List<InboxItem> items) {
    for (InboxItem item : items) {
      ReceivedRow row = item.row();
      if (row != null && item.count() && --row.inputsLeft == 0) {
        if (row.setAside) {
          beingSetAside--;
        }
        left(row);
      }
    }
  }

  private void left(ReceivedRow row) {
    room.leave(row);
    if (row.page != null) {
      pages.left(row.page);
    }
  }

  /** Pages that the cursor waits for, and at most one more. */
  int pagesInHand() {
    return pages.inHand();
  }

  /** Rows that wait for their writers' credit. Any thread. */
  public int parkedRows() {
    return slowLane.parkedRows();
  }

  /** Everything up to here is consumed. For the ledger thread. */
  public Position cursor() {
    return pages.cursor();
  }
}
