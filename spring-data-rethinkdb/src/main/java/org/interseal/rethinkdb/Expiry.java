package org.interseal.rethinkdb;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A time-out for everything that is done on a socket until this is closed: connecting, handshakes,
 * writes and reads alike. It fires by closing the socket, so that neither a trickle of bytes nor a
 * full send buffer can outlast it.
 */
final class Expiry implements AutoCloseable {
  private final Duration limit;
  private final Deadlines.Cancellation cancellation;
  private volatile boolean expired;

  Expiry(Duration limit, Socket socket, Lifetime lifetime, Deadlines deadlines) {
    this.limit = limit;
    this.cancellation =
        deadlines.after(
            limit,
            () -> {
              expired = true;
              lifetime.close(socket);
            });
  }

  boolean expired() {
    return expired;
  }

  /** What a failure on the socket really was. */
  IOException explain(IOException failure) {
    if (!expired) {
      return failure;
    }
    var timeout = new SocketTimeoutException("no answer within " + limit.toMillis() + " ms");
    timeout.initCause(failure);
    return timeout;
  }

  @Override
  public void close() {
    cancellation.cancel();
  }
}
