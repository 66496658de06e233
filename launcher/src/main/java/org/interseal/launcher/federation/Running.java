package org.interseal.launcher.federation;

/** A service that was started. */
interface Running extends AutoCloseable {
  Service service();

  boolean alive();

  /** Stops it cleanly and waits, at most a few seconds; then harder. */
  @Override
  void close();
}
