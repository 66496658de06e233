package org.interseal.bank.inbox;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.interseal.bank.ledger.LedgerInput;
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
 * much.
 */
public final class Inbox {
  /** When a message that cannot be proved is tried again; after the last one it is set aside. */
  private static final long[] RETRY_MILLIS = {250, 1_000, 3_000};

  /**
   * Most messages to keys that nobody knows, of those that wait for newer knowledge: one in so
   * many.
   */
  private static final int NEW_KEY_SHARE = 8;

  private static final String INTERNAL_ERROR = "internal-error";

  /** How much is kept of a row that is longer than any envelope. */
  private static final int KEPT_OF_OVERLONG = 1_024;

  private record Retry(ReceivedRow row, Opening.Hope hope, long dueNanos) {}

  private final BankId bank;
  private final Predicate<String> ours;
  private final InboxLimits limits;
  private final MessageOpener opener;
  private final DeviceDirectory devices;
  private final Knowledge knowledge;
  private final SetAside setAside;
  private final Executor openers;
  private final RunningTime time;

  private final Semaphore rowPermits;
  private final Semaphore kibPermits;
  private final LinkedBlockingDeque<ReceivedRow> queue = new LinkedBlockingDeque<>();

  /** Woken after rows come into the queue from other threads. */
  private final Monitor arrivals;

  /**
   * Pages with rows in hand, oldest first, and the last one although it may have none. A page whose
   * rows are all consumed says nothing that the page after it does not. Guarded by itself.
   */
  private final LinkedHashSet<ReceivedPage> pages = new LinkedHashSet<>();

  // What follows belongs to the ledger thread.
  private final DeviceSequencer<InboxItem> sequencer;
  private final List<Retry> retries = new ArrayList<>();
  private final Map<Opening.Hope, Integer> hoping = new EnumMap<>(Opening.Hope.class);
  private int beingSetAside;
  private Position cursor;

  private volatile int waitingForOurKey;

  /**
   * @param ours envelopes of the bank's stream that are this ledger partition's; others are passed
   *     over unopened
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
      Executor openers,
      RunningTime time,
      Position cursor) {
    this.bank = bank;
    this.ours = ours;
    this.limits = limits;
    this.opener = opener;
    this.devices = devices;
    this.knowledge = knowledge;
    this.setAside = setAside;
    this.openers = openers;
    this.time = time;
    this.arrivals = new Monitor(time);
    this.rowPermits = new Semaphore(limits.maxRowsInFlight());
    this.kibPermits = new Semaphore(limits.maxKibInFlight());
    this.sequencer =
        new DeviceSequencer<>(devices::highestNumber, limits.gapWaitMillis(), limits.maxHeld());
    this.cursor = cursor;
  }

  /**
   * Takes rows of the stream in, waiting for room. For one thread.
   *
   * @param cursorAfter where a reader could start once these rows, and all added before, are
   *     consumed
   * @param known submissions that the ledger has consumed already
   */
  void add(List<Row> rows, Position cursorAfter, Predicate<String> known)
      throws InterruptedException {
    List<ReceivedRow> received = new ArrayList<>(rows.size());
    ReceivedPage page = new ReceivedPage(cursorAfter, 0);
    for (Row row : rows) {
      if (!ours.test(row.body())) {
        continue;
      }
      String submissionId = SubmissionId.of(bank, row.body());
      if (!known.test(submissionId)) {
        received.add(new ReceivedRow(row.body(), submissionId, row.timestampMillis(), page));
      }
    }
    page.rowsLeft = received.size();
    synchronized (pages) {
      if (!pages.isEmpty() && pages.getLast().rowsLeft == 0 && pages.size() > 1) {
        pages.removeLast();
      }
      pages.add(page);
    }
    for (ReceivedRow row : received) {
      enter(row);
    }
  }

  /** Takes one envelope in that an operator released. Waits for room. */
  public void inject(String envelope, long timestampMillis) throws InterruptedException {
    enter(new ReceivedRow(envelope, SubmissionId.of(bank, envelope), timestampMillis, null));
  }

  private void enter(ReceivedRow row) throws InterruptedException {
    rowPermits.acquire();
    kibPermits.acquire(Math.min(row.kib, limits.maxKibInFlight()));
    open(row);
    queue.addLast(row);
    arrivals.wake();
  }

  private void open(ReceivedRow row) {
    CompletableFuture<Opening> opening = row.opening;
    try {
      openers.execute(() -> {
        try {
          opening.complete(opener.open(row.envelope, row.submissionId));
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

  /** How many rows wait or are in hand. Any thread. */
  public int rowsInFlight() {
    return limits.maxRowsInFlight() - rowPermits.availablePermits();
  }

  /** The store's stamp of the oldest row that waits to be taken, or empty. Any thread. */
  public java.util.OptionalLong oldestWaitingMillis() {
    ReceivedRow head = queue.peekFirst();
    return head == null
        ? java.util.OptionalLong.empty()
        : java.util.OptionalLong.of(head.timestampMillis);
  }

  /**
   * The next inputs, for the ledger thread.
   *
   * @param enough stops taking rows once there are so many; the last row may bring up to {@link
   *     org.interseal.protocol.message.InterbankMessage#MAX_ITEMS} - 1 more
   * @param waitMillis how long to wait for the first
   */
  public List<InboxItem> take(int enough, long waitMillis) throws InterruptedException {
    List<InboxItem> items = new ArrayList<>();
    boolean waitsForTime = !sequencer.isEmpty() || !retries.isEmpty();
    long wait = waitsForTime ? Math.min(waitMillis, 20) : waitMillis;
    boolean _ = arrivals.awaitMillis(() -> !queue.isEmpty(), wait);
    ReceivedRow row = queue.pollFirst();
    while (row != null) {
      if (!row.opening.isDone() && !items.isEmpty()) {
        queue.addFirst(row);
        break;
      }
      deliver(row, row.opening.join(), items);
      row = items.size() < enough ? queue.pollFirst() : null;
    }
    long now = time.nanoTime();
    sequencer.releaseDue(now, items);
    retryDue(now);
    return items;
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
    } else if (mayWait(row, hope)) {
      knowledge.refreshSoon();
      if (row.hope != hope) {
        row.hope = hope;
        row.openings = 0;
      }
      long delayMillis = RETRY_MILLIS[Math.min(row.openings, RETRY_MILLIS.length - 1)];
      retries.add(new Retry(row, hope, time.nanoTime() + delayMillis * 1_000_000));
      row.openings++;
      count(hope, 1);
    } else {
      setAside(row, reason);
    }
  }

  private boolean mayWait(ReceivedRow row, Opening.Hope hope) {
    boolean triesLeft = row.hope != hope || row.openings < RETRY_MILLIS.length;
    return switch (hope) {
      case NONE -> false;
      case NEW_AUTHOR -> triesLeft && hoping(hope) < limits.maxHeld();
      case NEW_KEY -> triesLeft && hoping(hope) < limits.maxHeld() / NEW_KEY_SHARE;
      // As long as it takes: setting it aside would leave it without an answer. Bounded by the rows
      // in flight.
      case OUR_KEY -> true;
    };
  }

  private void count(Opening.Hope hope, int more) {
    hoping.merge(hope, more, Integer::sum);
    waitingForOurKey = hoping(Opening.Hope.OUR_KEY);
  }

  private int hoping(Opening.Hope hope) {
    return hoping.getOrDefault(hope, 0);
  }

  /** Messages that wait for a key of ours which this server lacks. Any thread. */
  public int waitingForOurKey() {
    return waitingForOurKey;
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
    boolean keep = beingSetAside < limits.maxHeld();
    beingSetAside++;
    CompletableFuture<Void> stored =
        setAside.store(row.submissionId, reason, kept(row), row.timestampMillis, keep);
    var _ =
        stored.thenRun(() -> {
          row.setAside = true;
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
    for (Iterator<Retry> i = retries.iterator(); i.hasNext(); ) {
      Retry retry = i.next();
      if (retry.dueNanos - nowNanos <= 0) {
        i.remove();
        count(retry.hope, -1);
        retry.row.opening = new CompletableFuture<>();
        open(retry.row);
        queue.addFirst(retry.row);
      }
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
        rowPermits.release();
        kibPermits.release(Math.min(row.kib, limits.maxKibInFlight()));
        left(row);
      }
    }
  }

  private void left(ReceivedRow row) {
    ReceivedPage page = row.page;
    if (page == null) {
      return;
    }
    synchronized (pages) {
      page.rowsLeft--;
      while (!pages.isEmpty() && pages.getFirst().rowsLeft == 0) {
        cursor = pages.removeFirst().cursorAfter;
      }
      if (page.rowsLeft == 0 && !pages.isEmpty() && !pages.getLast().equals(page)) {
        pages.remove(page);
      }
    }
  }

  /** Pages that the cursor waits for, and at most one more. */
  int pagesInHand() {
    synchronized (pages) {
      return pages.size();
    }
  }

  /** Everything up to here is consumed. For the ledger thread. */
  public Position cursor() {
    return cursor;
  }
}
