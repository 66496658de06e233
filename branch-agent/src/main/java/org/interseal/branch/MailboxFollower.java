package org.interseal.branch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.interseal.identity.Party;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.store.AppendTable;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;

/**
 * Reads the branch's mailbox from where the journal says it stopped. The feed only wakes it up; it
 * looks by itself every {@link #IDLE_WAIT}. One bad row never stops it: it is counted and passed.
 */
final class MailboxFollower {
  static final Duration IDLE_WAIT = Duration.ofSeconds(1);

  /** How long the mailbox may be unreadable before the branch is not ready. */
  static final Duration READY_LIMIT = Duration.ofSeconds(15);

  private static final int PAGE = 200;
  private static final int SWEPT_REFERENCES = 1_000;
  private static final int IDLE_TURNS_PER_SWEEP = 60;
  private static final Logger LOG = System.getLogger(MailboxFollower.class.getName());

  private final AppendTable mailbox;
  private final String stream;
  private final StreamReader reader;
  private final AnswerReader answers;
  private final Outbox outbox;
  private final InstantSource clock;
  private final Consumer<AnswerReader.Reading> observer;
  private final Semaphore wake = new Semaphore(0);
  private volatile Instant lastRead;
  private int idleTurns;

  /** Whether the next reading is because of news. */
  private boolean expecting;

  /**
   * @param start where to begin
   * @param observer hears of every row, for counters
   */
  MailboxFollower(
      Store bankStore,
      Party branch,
      Position start,
      AnswerReader answers,
      Outbox outbox,
      InstantSource clock,
      Consumer<AnswerReader.Reading> observer) {
    this.mailbox = bankStore.append(TableName.MAILBOX);
    this.stream = MailboxItem.branchStream(branch.name());
    this.reader = new StreamReader(bankStore, mailbox, stream, start);
    this.answers = answers;
    this.outbox = outbox;
    this.clock = clock;
    this.observer = observer;
    this.lastRead = clock.instant();
  }

  /** Works until it is interrupted. */
  void run() {
    AppendTable.Feed feed = mailbox.follow(stream, wake::release, wake::release);
    try {
      while (!Thread.currentThread().isInterrupted()) {
        feed = turn(feed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      feed.close();
    }
  }

  private AppendTable.Feed turn(AppendTable.Feed feed) throws InterruptedException {
    try {
      if (readPage()) {
        return feed;
      }
    } catch (StoreUnavailable e) {
      LOG.log(Level.WARNING, "the mailbox cannot be read: {0}", e.getMessage());
    }
    boolean woken = wake.tryAcquire(IDLE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    wake.drainPermits();
    expecting = woken;
    if (woken) {
      return feed;
    }
    // A feed may have ended or gone mute without a word; a fresh one costs little.
    idleTurns++;
    if (idleTurns % IDLE_TURNS_PER_SWEEP == 0) {
      feed.close();
      return mailbox.follow(stream, wake::release, wake::release);
    }
    return feed;
  }

  /** Whether there was anything. */
  boolean readPage() throws StoreUnavailable, InterruptedException {
    List<Row> rows = expecting ? reader.poll(PAGE) : reader.pollAtRest(PAGE);
    if (rows.isEmpty() && idleTurns % IDLE_TURNS_PER_SWEEP == IDLE_TURNS_PER_SWEEP - 1) {
      Instant oldest = clock.instant().minus(LetterSealer.LIFE).minus(RequestBook.KEPT);
      rows = reader.sweep(oldest.toEpochMilli(), SWEPT_REFERENCES);
    }
    lastRead = clock.instant();
    for (Row row : rows) {
      AnswerReader.Reading reading = answers.read(row.body(), lastRead);
      observer.accept(reading);
      if (reading instanceof AnswerReader.Reading.Answer(JournalRecord.Answered record)) {
        outbox.note(record);
      }
    }
    expecting |= !rows.isEmpty();
    if (!rows.isEmpty()) {
      Position cursor = reader.cursor();
      outbox.note(new JournalRecord.ReadUpTo(cursor.timestampMillis(), cursor.id()));
    }
    return !rows.isEmpty();
  }

  /** Whether the mailbox could be read lately. */
  boolean isFollowing() {
    return clock.instant().isBefore(lastRead.plus(READY_LIMIT));
  }
}
