package org.interseal.branch;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.interseal.protocol.message.BranchMessage;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that numbers, seals, journals and sends.
 *
 * <p>A batch of requests becomes letters with rising numbers, then one line of the journal, and
 * only when that is on disk are the letters offered to the store and the tellers told. So no number
 * is ever seen outside before it is durable, and numbers, journal and store agree about the order.
 * Letters without an answer are offered again, the same bytes, until they are answered or expire.
 */
final class Outbox {
  /**
   * How soon a letter is offered again that the store did not acknowledge; doubles up to {@link
   * #MAX_RETRY}.
   */
  static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  static final Duration MAX_RETRY = Duration.ofSeconds(30);

  /**
   * How soon a letter is offered again that is durable but not answered; doubles up to {@link
   * #MAX_REMINDER}.
   */
  static final Duration FIRST_REMINDER = Duration.ofMinutes(1);

  static final Duration MAX_REMINDER = Duration.ofMinutes(30);

  /** Longest wait for the store's acknowledgement before the same bytes are offered again. */
  static final Duration POST_LIMIT = Duration.ofSeconds(30);

  /**
   * The journal is rewritten when it is longer than this and twice as long as after the last time.
   */
  static final long COMPACT_AT_BYTES = 64L << 20;

  private static final int MAX_WAITING = 2 * RequestBook.MAX_OPEN;
  private static final int MAX_OFFERED_AT_ONCE = 500;
  private static final Logger LOG = System.getLogger(Outbox.class.getName());

  private final RequestBook book;
  private final BranchJournal journal;
  private final LetterSealer sealer;
  private final LetterPost post;
  private final Consumer<JournalRecord.Sent> stored;
  private final InstantSource clock;
  private final Executor callbacks;
  private final BlockingQueue<Work> work = new ArrayBlockingQueue<>(MAX_WAITING);
  private final List<Work> carried = new ArrayList<>();
  private long compactAtBytes = COMPACT_AT_BYTES;
  private volatile boolean stopping;
  private volatile @Nullable IOException broken;

  private sealed interface Work {
    record Draft(DeskRequest request, BranchMessage message) implements Work {}

    record Note(JournalRecord record) implements Work {}
  }

  /**
   * @param stored hears of each letter that the store has, once in this process
   * @param callbacks runs what callers hung on the futures of a request
   */
  Outbox(
      RequestBook book,
      BranchJournal journal,
      LetterSealer sealer,
      LetterPost post,
      Consumer<JournalRecord.Sent> stored,
      InstantSource clock,
      Executor callbacks) {
    this.book = book;
    this.journal = journal;
    this.sealer = sealer;
    this.post = post;
    this.stored = stored;
    this.clock = clock;
    this.callbacks = callbacks;
  }

  /** Takes a request that the book has entered. */
  void submit(DeskRequest request, BranchMessage message) {
    if (stopping || !work.offer(new Work.Draft(request, message))) {
      fail(request, new DeskUnavailable("the branch is stopping or overloaded"));
    }
  }

  /** Remembers a fact, after those noted before. Blocks while the queue is full. */
  void note(JournalRecord record) throws InterruptedException {
    work.put(new Work.Note(record));
  }

  /** Whether the journal can be written. */
  boolean isHealthy() {
    return broken == null;
  }

  /** Works until it is interrupted. */
  void run() {
    try {
      while (!stopping) {
        turn(Duration.ofMillis(500));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopping = true;
      List<Work> left = new ArrayList<>();
      work.drainTo(left);
      failDrafts(left, new DeskUnavailable("the branch is stopping"));
    }
  }

  /** Asks {@link #run} to end after the batch in hand. */
  void stop() {
    stopping = true;
  }

  /** One batch, then whatever is due. */
  void turn(Duration wait) throws InterruptedException {
    List<Work> batch = new ArrayList<>(carried);
    carried.clear();
    Work first = work.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      batch.add(first);
      work.drainTo(batch, BranchJournal.MAX_BATCH - batch.size());
    }
    process(batch);
    Instant now = clock.instant();
    for (DeskRequest expired : book.expire(now)) {
      expired.answer.completeAsync(DeskAnswer.Expired::new, callbacks);
    }
    offerDue(now);
    compactWhenLong();
  }

  private void process(List<Work> batch) {
    Instant now = clock.instant();
    List<JournalRecord> records = new ArrayList<>();
    List<DeskRequest> sealed = new ArrayList<>();
    long number = book.nextNumber();
    for (Work item : batch) {
      switch (item) {
        case Work.Note note -> records.add(note.record());
        case Work.Draft draft -> {
          JournalRecord.@Nullable Sent sent = seal(draft, number, now);
          if (sent != null) {
            number++;
            records.add(sent);
            sealed.add(draft.request());
          }
        }
      }
    }
    if (records.isEmpty()) {
      return;
    }
    try {
      journal.append(records);
    } catch (IOException e) {
      couldNotWrite(batch, e);
      return;
    }
    broken = null;
    records.forEach(this::apply);
    sealed.forEach(request -> request.durable.completeAsync(() -> null, callbacks));
  }

  private JournalRecord.@Nullable Sent seal(Work.Draft draft, long number, Instant now) {
    try {
      var sent = sealer.seal(draft.request(), draft.message(), number, now);
      if (sent.isEmpty()) {
        fail(draft.request(), new DeskUnavailable("the bank has no key in force"));
      }
      return sent.orElse(null);
    } catch (RuntimeException e) {
      fail(draft.request(), e);
      return null;
    }
  }

  private void couldNotWrite(List<Work> batch, IOException e) {
    broken = e;
    LOG.log(Level.ERROR, "the branch's journal cannot be written", e);
    failDrafts(batch, new DeskUnavailable("the branch's journal cannot be written", e));
    // In their order and before anything later: a mailbox position must not overtake the answers
    // before it.
    batch.stream().filter(Work.Note.class::isInstance).forEach(carried::add);
  }

  private void failDrafts(List<Work> batch, RuntimeException cause) {
    for (Work item : batch) {
      if (item instanceof Work.Draft draft && !draft.request().durable.isDone()) {
        fail(draft.request(), cause);
      }
    }
  }

  private void fail(DeskRequest request, RuntimeException cause) {
    book.withdraw(request);
    callbacks.execute(() -> {
      request.durable.completeExceptionally(cause);
      request.answer.completeExceptionally(cause);
    });
  }

  private void apply(JournalRecord record) {
    book.apply(record);
    if (record instanceof JournalRecord.Answered answered) {
      book.find(answered.messageId().toBase64Url())
          .ifPresent(request ->
              RequestBook.answerOf(request)
                  .ifPresent(answer -> request.answer.completeAsync(() -> answer, callbacks)));
    }
  }

  private void offerDue(Instant now) {
    List<DeskRequest> due = book.due(now, MAX_OFFERED_AT_ONCE);
    List<String> envelopes = new ArrayList<>();
    for (DeskRequest request : due) {
      book.putOff(request, now.plus(POST_LIMIT));
      JournalRecord.Sent sent = request.sent;
      if (sent == null) {
        throw new IllegalStateException("an open request without a letter");
      }
      envelopes.add(sent.envelope());
    }
    if (!due.isEmpty()) {
      var _ = post.post(envelopes).thenAccept(durable -> posted(due, durable));
    }
  }

  private void posted(List<DeskRequest> offered, List<Boolean> durable) {
    Instant now = clock.instant();
    for (int i = 0; i < offered.size(); i++) {
      DeskRequest request = offered.get(i);
      if (durable.get(i)) {
        book.stored(request).ifPresent(stored);
      }
      Duration wait =
          durable.get(i)
              ? doubled(FIRST_REMINDER, request.offers, MAX_REMINDER)
              : doubled(FIRST_RETRY, request.offers, MAX_RETRY);
      book.retryAt(request, now.plus(wait));
    }
  }

  private static Duration doubled(Duration first, int offers, Duration max) {
    long factor = 1L << Math.min(Math.max(offers - 1, 0), 10);
    Duration wait = first.multipliedBy(factor);
    return wait.compareTo(max) > 0 ? max : wait;
  }

  private void compactWhenLong() {
    if (journal.length() <= compactAtBytes || broken != null) {
      return;
    }
    try {
      journal.rewrite(book.live());
      compactAtBytes = Math.max(COMPACT_AT_BYTES, 2 * journal.length());
    } catch (IOException e) {
      broken = e;
      LOG.log(Level.ERROR, "the branch's journal cannot be rewritten", e);
    }
  }
}
