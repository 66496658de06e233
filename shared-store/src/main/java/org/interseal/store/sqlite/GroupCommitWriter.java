package org.interseal.store.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a file in this process: takes everything that waits, of all tables, into one
 * transaction with one sync to disk.
 */
final class GroupCommitWriter {
  static final int MAX_QUEUED_ROWS = 50_000;
  static final long MAX_QUEUED_LENGTH = 128L * 1024 * 1024;
  private static final int MAX_BATCH_ROWS = 4_000;
  private static final long MAX_BATCH_LENGTH = 16L * 1024 * 1024;
  private static final long MAX_LOCK_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LOCK_RETRY_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

  /** After a commit the file is left alone for so long when another process wants to write too. */
  private static final long FAIRNESS_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long CONTENDED_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Each commit takes a millisecond of its own. A burst of faster commits may take stamps this far
   * ahead of the clock; then the writer waits, lest they outrun it.
   */
  private static final long MAX_AHEAD_MILLIS = 50;

  private static final long MAX_PACING_MILLIS = 5;

  /** Stamps this far ahead are a clock that was set back or stands; waiting would not help. */
  private static final long HOPELESSLY_AHEAD_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(GroupCommitWriter.class);

  private final Path file;
  private final InstantSource clock;
  private final Consumer<WriteTransaction> publisher;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition submitted = lock.newCondition();
  private final ArrayDeque<Submission> queue = new ArrayDeque<>();
  private int queuedRows;
  private long queuedLength;
  private boolean stopping;

  // The writer thread's own.
  private @Nullable Session session;
  private long lastStamp;
  private long contendedUntilNanos;
  private boolean contended;

  /**
   * @param session open and prepared; the writer closes it
   * @param publisher told of each transaction once it is durable, on the writer's thread; must not
   *     block
   */
  GroupCommitWriter(
      Path file, Session session, InstantSource clock, Consumer<WriteTransaction> publisher) {
    this.file = file;
    this.session = session;
    this.clock = clock;
    this.publisher = publisher;
    this.thread =
        Thread.ofPlatform()
            .name("store-writer-" + file.getFileName())
            .daemon()
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Queues the work; when that cannot be, the submission fails at once. */
  void submit(Submission submission) {
    String refusal = offer(submission);
    if (refusal != null) {
      submission.failed(refusal);
    }
  }

  private @Nullable String offer(Submission submission) {
    lock.lock();
    try {
      if (stopping) {
        return "the store is closed";
      }
      boolean full =
          queuedRows + submission.rowCount() > MAX_QUEUED_ROWS
              || queuedLength + submission.length() > MAX_QUEUED_LENGTH;
      if (full && !queue.isEmpty() && submission.rowCount() > 0) {
        return "overloaded";
      }
      queue.add(submission);
      queuedRows += submission.rowCount();
      queuedLength += submission.length();
      submitted.signal();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Writes what was submitted, refuses more, and waits until the thread is gone. */
  void drainAndStop() {
    lock.lock();
    try {
      stopping = true;
      submitted.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (awaitWork()) {
        pace();
        write(takeBatch());
      }
    } finally {
      discardSession();
      refuseRest();
    }
  }

  /** Nothing is left after an orderly stop; after an error nobody shall wait for ever. */
  private void refuseRest() {
    lock.lock();
    try {
      stopping = true;
      settle(List.copyOf(queue), submission -> submission.failed("the writer stopped"));
      queue.clear();
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitWork() {
    lock.lock();
    try {
      while (queue.isEmpty() && !stopping) {
        submitted.awaitUninterruptibly();
      }
      return !queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void pace() {
    if (contended) {
      LockSupport.parkNanos(FAIRNESS_GAP_NANOS);
    }
    long aheadMillis = lastStamp + 1 - clock.millis() - MAX_AHEAD_MILLIS;
    if (aheadMillis > 0 && aheadMillis < HOPELESSLY_AHEAD_MILLIS) {
      LockSupport.parkNanos(
          TimeUnit.MILLISECONDS.toNanos(Math.min(aheadMillis, MAX_PACING_MILLIS)));
    }
  }

  private List<Submission> takeBatch() {
    lock.lock();
    try {
      List<Submission> batch = new ArrayList<>();
      int rows = 0;
      long length = 0;
      while (!queue.isEmpty() && rows < MAX_BATCH_ROWS && length < MAX_BATCH_LENGTH) {
        Submission next = queue.remove();
        rows += next.rowCount();
        length += next.length();
        batch.add(next);
      }
      queuedRows -= rows;
      queuedLength -= length;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Submission> batch) {
    Consumer<Submission> settlement = submission -> submission.unknown("the writer failed");
    try {
      WriteTransaction transaction = execute(batch);
      commit();
      settlement = Submission::committed;
      noteOthers(transaction);
      publisher.accept(transaction);
    } catch (RolledBack e) {
      log.warn("a write transaction on {} was rolled back", file, e);
      settlement = submission -> submission.failed(String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      // A log record may have reached the disk even though the database reported an error.
      log.warn("the outcome of a write transaction on {} is unknown", file, e);
      discardSession();
      settlement = submission -> submission.unknown(String.valueOf(e.getMessage()));
    } finally {
      settle(batch, settlement);
    }
  }

  /** Certainly nothing was written. */
  private static final class RolledBack extends Exception {
    private static final long serialVersionUID = 1L;

    RolledBack(Exception cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  private WriteTransaction execute(List<Submission> batch) throws RolledBack {
    try {
      Session current = session();
      begin(current);
      return WriteTransaction.execute(current, batch);
    } catch (SQLException | RuntimeException e) {
      discardSession();
      throw new RolledBack(e);
    }
  }

  private void commit() throws SQLException {
    Session current = session;
    if (current == null) {
      throw new SQLException("no open transaction");
    }
    current.commit();
  }

  private Session session() throws SQLException {
    Session current = session;
    if (current == null) {
      current = Session.openWriter(file);
      session = current;
    }
    current.failFastWhenBusy();
    return current;
  }

  /**
   * Takes the file's write lock. SQLite's own busy handler sleeps for longer and longer and so
   * loses to a busy neighbour; short waits share the file fairly.
   */
  private static void begin(Session session) throws SQLException {
    long start = System.nanoTime();
    while (true) {
      try {
        session.begin();
        return;
      } catch (SQLException e) {
        if (!Session.isBusy(e) || System.nanoTime() - start > MAX_LOCK_WAIT_NANOS) {
          throw e;
        }
        LockSupport.parkNanos(LOCK_RETRY_NANOS);
      }
    }
  }

  private void noteOthers(WriteTransaction transaction) {
    long now = System.nanoTime();
    if (lastStamp != 0 && transaction.lastStampBefore() != lastStamp) {
      contended = true;
      contendedUntilNanos = now + CONTENDED_FOR_NANOS;
    } else if (contended && now - contendedUntilNanos > 0) {
      contended = false;
    }
    lastStamp = transaction.lastStampAfter();
  }

  private void discardSession() {
    Session current = session;
    session = null;
    if (current != null) {
      current.close();
    }
  }

  /**
   * Each on a thread of its own, as the futures' dependents run there and may well wait for another
   * write, of the same batch even. Mutable writes and barriers have no dependents and wake their
   * waiters directly.
   */
  private static void settle(List<Submission> batch, Consumer<Submission> how) {
    for (Submission submission : batch) {
      switch (submission) {
        case Submission.Inserts inserts -> Thread.ofVirtual().start(() -> how.accept(inserts));
        case Submission.MutableWrite write -> how.accept(write);
        case Submission.Barrier barrier -> how.accept(barrier);
      }
    }
  }
}
