package org.interseal.store.rethinkdb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.interseal.rethinkdb.ServerAddress;

/** The network between clients and a server, on loopback, which does what networks do. */
final class TcpProxy implements AutoCloseable {
  private static final int CHUNK_BYTES = 16 * 1024;
  private static final int NO_LINGER_SECONDS = 0;

  private final ServerAddress server;
  private final ServerSocket listening;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean refusing;
  private volatile String withheldText = "";
  private final Semaphore withheld = new Semaphore(0);

  TcpProxy(ServerAddress server) {
    this.server = server;
    try {
      this.listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("proxy").start(this::accept);
  }

  ServerAddress address() {
    return new ServerAddress("127.0.0.1", listening.getLocalPort());
  }

  /** Resets every connection. */
  void drop() {
    links.forEach(Link::reset);
  }

  /** Resets every connection and those that come. */
  void refuse(boolean now) {
    refusing = now;
    if (now) {
      drop();
    }
  }

  /** Every chunk takes so much longer, each way. */
  void delay(Duration by) {
    delay = by;
  }

  /** On connections of now, what the server says is lost: queries are done and nobody is told. */
  void swallowAnswers() {
    links.forEach(link -> link.answersLost = true);
  }

  /** On connections of now, what clients say is lost: queries are never done. */
  void swallowQueries() {
    links.forEach(link -> link.queriesLost = true);
  }

  /**
   * Queries of one chunk that hold this text are never done; nothing is withheld for the empty
   * text.
   */
  void withhold(String text) {
    withheldText = text;
  }

  /** Waits for so many queries that were withheld. */
  boolean awaitWithheld(int queries, Duration atMost) throws InterruptedException {
    return withheld.tryAcquire(queries, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isWithheld(byte[] chunk, int length) {
    String text = withheldText;
    if (text.isEmpty() || !new String(chunk, 0, length, StandardCharsets.UTF_8).contains(text)) {
      return false;
    }
    withheld.release();
    return true;
  }

  /** On connections of now, the server's side is closed, and clients are not told. */
  void closeServersSide() {
    links.forEach(Link::closeServersSide);
  }

  /** On connections of now, clients read the end of the stream; what they say still arrives. */
  void endAnswers() {
    links.forEach(link -> link.end(link.client));
  }

  /** On connections of now, the server reads the end of the stream; what it says still arrives. */
  void endQueries() {
    links.forEach(link -> link.end(link.toServer));
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        Socket client = listening.accept();
        Thread.ofVirtual().name("proxy-connect").start(() -> connect(client));
      } catch (IOException e) {
        // Closed, or a client that left at once.
      }
    }
  }

  private void connect(Socket client) {
    Link link = new Link(client, new Socket());
    links.add(link);
    if (refusing || closed.getCount() == 0) {
      link.reset();
      return;
    }
    try {
      link.toServer.connect(new InetSocketAddress(server.host(), server.port()));
      link.toServer.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      Thread.ofVirtual().name("proxy-queries").start(() -> link.copy(client, link.toServer, true));
      Thread.ofVirtual().name("proxy-answers").start(() -> link.copy(link.toServer, client, false));
    } catch (IOException e) {
      link.reset();
    }
  }

  /** One client's connection and ours to the server. */
  private final class Link {
    final Socket client;
    final Socket toServer;
    volatile boolean answersLost;
    volatile boolean queriesLost;
    volatile boolean silent;

    Link(Socket client, Socket toServer) {
      this.client = client;
      this.toServer = toServer;
    }

    void copy(Socket from, Socket to, boolean queries) {
      byte[] chunk = new byte[CHUNK_BYTES];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
          var _ = delay.isZero() || closed.await(delay.toMillis(), TimeUnit.MILLISECONDS);
          boolean lost = queries ? queriesLost || isWithheld(chunk, length) : answersLost;
          synchronized (to) {
            if (!silent && !lost && !to.isOutputShutdown()) {
              out.write(chunk, 0, length);
            }
          }
        }
      } catch (IOException e) {
        // One side is gone, of which the other hears below.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!silent || queries) {
        reset();
      }
    }

    /** Half a close: this side hears no more, and may go on speaking. */
    void end(Socket side) {
      synchronized (side) {
        try {
          side.shutdownOutput();
        } catch (IOException e) {
          // It has gone, or was never connected.
        }
      }
    }

    void closeServersSide() {
      silent = true;
      quietly(toServer);
    }

    void reset() {
      links.remove(this);
      for (Socket side : new Socket[] {client, toServer}) {
        try {
          side.setSoLinger(true, NO_LINGER_SECONDS);
        } catch (IOException e) {
          // Closed already.
        }
        quietly(side);
      }
    }

    private void quietly(Closeable side) {
      try {
        side.close();
      } catch (IOException e) {
        // Nothing more can be done to it.
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    drop();
  }
}
