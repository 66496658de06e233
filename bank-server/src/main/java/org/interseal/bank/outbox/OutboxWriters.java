package org.interseal.bank.outbox;

/** The threads that insert rows, one per table. */
record OutboxWriters(BatchWriter transactions, BatchWriter mailbox, BatchWriter devices) {
  void start() {
    transactions.start();
    mailbox.start();
    devices.start();
  }

  void close() {
    transactions.close();
    mailbox.close();
    devices.close();
  }
}
