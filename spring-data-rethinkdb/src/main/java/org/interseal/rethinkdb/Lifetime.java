package org.interseal.rethinkdb;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The time during which a pool or a feed is open. Ending it closes every socket that was opened in
 * it, connected or still connecting, which is what wakes a thread blocked in one, and ends every
 * pause.
 */
final class Lifetime {
  private final CountDownLatch end = new CountDownLatch(1);
  private final Set<Socket> sockets = new HashSet<>();

  /** Takes charge of a socket before it connects. */
  void adopt(Socket socket) throws SocketException {
    synchronized (sockets) {
      if (!ended()) {
        sockets.add(socket);
        return;
      }
    }
    closeQuietly(socket);
    throw new SocketException("closed");
  }

  void close(Socket socket) {
    synchronized (sockets) {
      sockets.remove(socket);
    }
    closeQuietly(socket);
  }

  /** Waits, and says whether this is still open. */
  boolean pause(Duration time) throws InterruptedException {
    return !end.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean ended() {
    return end.getCount() == 0;
  }

  void end() {
    Set<Socket> open;
    synchronized (sockets) {
      end.countDown();
      open = Set.copyOf(sockets);
      sockets.clear();
    }
    open.forEach(Lifetime::closeQuietly);
  }

  int openSockets() {
    synchronized (sockets) {
      return sockets.size();
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // A socket that cannot be closed cannot be used either, which is all that is wanted of it.
    }
  }
}
