package org.interseal.bank.processing;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.interseal.store.Monitor;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For how long this server should write a partition: takes the lease, renews it, and gives it away
 * when another server should have it. Like the lease it is advice; the chain's fences decide. For
 * the ledger thread, but for what is said of any thread.
 */
final class Tenure {
  private static final Logger log = LoggerFactory.getLogger(Tenure.class);
  private static final int RENEWALS_PER_LEASE = 4;

  /** How often a lease is given back, when the store answered lately. */
  private static final int RELEASE_TRIES = 4;

  private static final long RELEASE_PAUSE_MILLIS = 100;

  private final String partition;
  private final WriterLease lease;
  private final WriterTurn turn;
  private final ProcessingLimits limits;
  private final RunningTime time;
  private final Monitor pauses;

  private long checkedNanos;
  private long writingSinceNanos;
  private Optional<String> announcedWriter = Optional.empty();
  private volatile long writtenNanos;

  Tenure(
      String partition,
      WriterLease lease,
      WriterTurn turn,
      ProcessingLimits limits,
      RunningTime time) {
    this.partition = partition;
    this.lease = lease;
    this.turn = turn;
    this.limits = limits;
    this.time = time;
    this.pauses = new Monitor(time);
    this.writtenNanos = time.nanoTime();
  }

  /** Takes the lease when it is free; false while another server has it. */
  boolean hold() throws StoreUnavailable {
    boolean held = lease.hold();
    if (held) {
      checkedNanos = time.nanoTime();
    } else {
      noteWriter();
    }
    return held;
  }

  /** This server writes from now on. */
  void begun() {
    writingSinceNanos = time.nanoTime();
    noteWriter();
  }

  /** A block of that server was followed. */
  void sawBlockOf(String author) {
    lease.sawBlockOf(author);
  }

  /**
   * Renews the lease now and then. A store that does not answer takes nobody's lease away.
   *
   * @param height of the chain's end
   */
  boolean goesOn(long height) {
    long now = time.nanoTime();
    if (now - checkedNanos < TimeUnit.MILLISECONDS.toNanos(renewalMillis())) {
      return true;
    }
    checkedNanos = now;
    try {
      return lease.keep() && !givesAway(height);
    } catch (StoreUnavailable e) {
      log.debug("{}: the lease was not renewed: {}", partition, e.getMessage());
      return true;
    }
  }

  /**
   * Gives the partition to a server that has fewer, between two blocks. What those blocks owe and
   * was not sent yet, the other sends.
   */
  private boolean givesAway(long height) throws StoreUnavailable {
    writtenNanos = time.nanoTime();
    Optional<String> better = turn.betterWriter(height, time.millisSince(writingSinceNanos));
    if (better.isEmpty()) {
      return false;
    }
    lease.release(better);
    log.info("{}: handed over to {}", partition, better.get());
    return true;
  }

  /** Renews the lease of a partition that this server holds and does not write. */
  void renew() {
    if (!lease.mayBeOurs()) {
      return;
    }
    try {
      boolean _ = lease.keep();
    } catch (StoreUnavailable e) {
      log.debug("{}: the lease was not renewed: {}", partition, e.getMessage());
    }
  }

  /** How far renewals are apart. */
  long renewalMillis() {
    return Math.max(1, limits.leaseMillis() / RENEWALS_PER_LEASE);
  }

  /** Whether there may be something to give back. */
  boolean mayBeOurs() {
    return lease.mayBeOurs();
  }

  /**
   * Gives the lease back, to whom it should go. Tried again when the store does not answer, which
   * it may next time: a lease that stays with nobody keeps all servers waiting for its length. What
   * was given back and not acknowledged is found to be nobody's.
   *
   * @param patient whether the store answered lately; else further tries would only delay the end
   */
  void giveBack(boolean patient) throws InterruptedException {
    Optional<String> heir = turn.heir();
    long begun = time.nanoTime();
    for (int tries = 1; lease.mayBeOurs(); tries++) {
      try {
        lease.release(heir);
      } catch (StoreUnavailable e) {
        log.debug("{}: the lease was not given back: {}", partition, e.getMessage());
        if (!patient
            || tries == RELEASE_TRIES
            || time.millisSince(begun) >= limits.shutdownMillis() / 2) {
          return;
        }
        // kill() interrupts it.
        boolean _ = pauses.awaitMillis(() -> false, RELEASE_PAUSE_MILLIS);
      }
    }
  }

  private void noteWriter() {
    Optional<String> writer = lease.writer();
    if (writer.isPresent()) {
      writtenNanos = time.nanoTime();
      if (!writer.equals(announcedWriter)) {
        announcedWriter = writer;
        log.info("{}: written by {}", partition, writer.get());
      }
    }
  }

  /** The server that writes the partition, this one or another, as far as is known. Any thread. */
  Optional<String> writer() {
    return lease.writer();
  }

  /** For how long this server has seen nobody write the partition. Any thread. */
  long unwrittenMillis() {
    return time.millisSince(writtenNanos);
  }
}
