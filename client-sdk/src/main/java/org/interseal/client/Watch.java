package org.interseal.client;

/** A running watch over a device's mailbox. */
public interface Watch extends AutoCloseable {
  /** Ends it. Idempotent; a notice that is being handled is still handed over. */
  @Override
  void close();
}
