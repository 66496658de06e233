package org.interseal.bank.inbox;

import java.util.concurrent.Semaphore;

/** Bounds what is in flight, in rows and in KiB. Thread-safe. */
final class InboxRoom {
  private final InboxLimits limits;
  private final Semaphore rows;
  private final Semaphore kib;

  InboxRoom(InboxLimits limits) {
    this.limits = limits;
    this.rows = new Semaphore(limits.maxRowsInFlight());
    this.kib = new Semaphore(limits.maxKibInFlight());
  }

  /** Waits until there is room for the row. */
  void enter(ReceivedRow row) throws InterruptedException {
    rows.acquire();
    kib.acquire(counted(row));
  }

  void leave(ReceivedRow row) {
    rows.release();
    kib.release(counted(row));
  }

  int rowsInFlight() {
    return limits.maxRowsInFlight() - rows.availablePermits();
  }

  /** A row that is longer than all the room has it for itself. */
  private int counted(ReceivedRow row) {
    return Math.min(row.kib, limits.maxKibInFlight());
  }
}
