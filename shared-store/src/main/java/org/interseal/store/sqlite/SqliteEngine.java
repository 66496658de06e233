package org.interseal.store.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.interseal.store.StoreUnavailable;

/** One database file as this process has it open, shared by all its stores on that file. */
final class SqliteEngine {
  private static final Map<Path, SqliteEngine> OPEN = new HashMap<>();
  private static final long DRAIN_SECONDS = 30;

  private final Path file;
  private final boolean shared;
  private final ReaderPool readers;
  private final Feeds feeds = new Feeds();
  private final GroupCommitWriter writer;
  private final FeedPoller poller;
  private int users = 1;

  private SqliteEngine(Path file, boolean shared, Session session, InstantSource clock) {
    this.file = file;
    this.shared = shared;
    this.readers = new ReaderPool(file);
    this.writer = new GroupCommitWriter(file, session, clock, feeds::committed);
    this.poller = new FeedPoller(file, feeds);
    writer.start();
    poller.start();
  }

  /** The engine of this file, opened when this process has none yet. */
  static SqliteEngine acquire(Path file, boolean shared, InstantSource clock) {
    synchronized (OPEN) {
      Path real = createOwnerOnly(file);
      SqliteEngine engine = OPEN.get(real);
      if (engine == null) {
        engine = open(real, shared, clock);
        OPEN.put(real, engine);
      } else if (engine.shared != shared) {
        throw new StoreFormatRefused(real + " is open already as the other kind of store");
      } else {
        engine.users++;
      }
      return engine;
    }
  }

  private static SqliteEngine open(Path file, boolean shared, InstantSource clock) {
    Session session = null;
    boolean prepared = false;
    try {
      session = Session.openWriter(file);
      Schema.prepare(session, shared, file.toString());
      prepared = true;
      return new SqliteEngine(file, shared, session, clock);
    } catch (SQLException e) {
      throw new UncheckedIOException(new IOException("cannot open the store " + file, e));
    } finally {
      if (session != null && !prepared) {
        session.close();
      }
    }
  }

  /** SQLite gives the files that it makes beside this one the same rights. */
  private static Path createOwnerOnly(Path file) {
    if (file.toString().indexOf('?') >= 0) {
      throw new IllegalArgumentException(
          "the path of a store cannot have a question mark: " + file);
    }
    try {
      Path absolute = file.toAbsolutePath();
      Path parent = absolute.getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        Files.createDirectories(parent, ownerOnly(parent, "rwx------"));
      }
      try {
        Files.createFile(absolute, ownerOnly(absolute, "rw-------"));
      } catch (FileAlreadyExistsException existing) {
        if (isPosix(absolute)) {
          Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rw-------"));
        }
      }
      return absolute.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the store " + file, e);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path path, String rights) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  ReaderPool readers() {
    return readers;
  }

  Feeds feeds() {
    return feeds;
  }

  void submit(Submission submission) {
    writer.submit(submission);
  }

  /** The greatest stamp in the file. */
  long lastStamp() throws StoreUnavailable {
    return readers.read(session -> session.queryLong(Schema.LAST_STAMP));
  }

  /**
   * Gives one acquisition back, after everything submitted so far is settled. After the last one
   * this process has no connection to the file any more: who then copies or deletes it meets
   * nobody.
   */
  void release(InstantSource clock) {
    Submission.Barrier barrier = new Submission.Barrier(clock);
    writer.submit(barrier);
    awaitBarrier(barrier);
    synchronized (OPEN) {
      if (--users > 0) {
        return;
      }
      OPEN.remove(file);
      writer.drainAndStop();
    }
    feeds.close();
    poller.awaitEnd();
    readers.close();
  }

  private static void awaitBarrier(Submission.Barrier barrier) {
    try {
      var _ = barrier.passed().get(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Whatever is still queued gets its own outcome; closing does not wait for ever.
      org.slf4j.LoggerFactory.getLogger(SqliteEngine.class)
          .warn("a store closes before its writes ended", e);
    }
  }
}
