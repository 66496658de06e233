package org.interseal.store.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Connections for reading, opened when first needed. In WAL mode they neither block the writer nor
 * wait for it.
 */
final class ReaderPool {
  private static final int MAX_READERS = 4;
  private static final long MAX_WAIT_SECONDS = 10;

  /** A read with one connection. */
  interface Query<T> {
    T run(Session session) throws SQLException;
  }

  private final Path file;
  private final Semaphore permits = new Semaphore(MAX_READERS);
  private final ArrayDeque<Session> idle = new ArrayDeque<>();
  private boolean closed;

  ReaderPool(Path file) {
    this.file = file;
  }

  <T> T read(Query<T> query) throws StoreUnavailable {
    acquire();
    try {
      return readWith(query);
    } finally {
      permits.release();
    }
  }

  private <T> T readWith(Query<T> query) throws StoreUnavailable {
    Session session = takeIdle();
    boolean sound = false;
    try {
      if (session == null) {
        session = Session.openReader(file);
      }
      T result = query.run(session);
      sound = true;
      return result;
    } catch (SQLException e) {
      throw new StoreUnavailable("reading " + file.getFileName() + " failed: " + e.getMessage(), e);
    } finally {
      if (session != null) {
        giveBack(session, sound);
      }
    }
  }

  private void acquire() throws StoreUnavailable {
    try {
      if (!permits.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new StoreUnavailable("no reader of " + file.getFileName() + " became free in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted", e);
    }
  }

  private synchronized @Nullable Session takeIdle() throws StoreUnavailable {
    if (closed) {
      throw new StoreUnavailable("the store is closed");
    }
    return idle.poll();
  }

  private void giveBack(Session session, boolean sound) {
    synchronized (this) {
      if (sound && !closed) {
        idle.push(session);
        return;
      }
    }
    session.close();
  }

  /** Later reads fail; waits, within bounds, for those under way and closes every connection. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    awaitReads();
    synchronized (this) {
      idle.forEach(Session::close);
      idle.clear();
    }
  }

  private void awaitReads() {
    try {
      if (permits.tryAcquire(MAX_READERS, MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
        permits.release(MAX_READERS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
