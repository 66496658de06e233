package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A file that every service in a JVM of its own holds a share of while it lives, so that nobody
 * starts or reads a federation whose launcher was killed before its last service has ended. The
 * operating system gives the shares of dead processes back.
 */
final class ServiceLock {
  private static final long PAUSE_MILLIS = 100;

  private ServiceLock() {}

  /** Takes a share; it is kept while it is reachable, and the process lives. */
  static FileLock share(Path path) throws IOException {
    return open(path).lock(0, Long.MAX_VALUE, true);
  }

  /**
   * Returns once nobody has a share. Only the holder of {@code federation.lock} asks, and nobody
   * else starts services.
   *
   * @throws IOException when somebody still has one after {@code limit}
   */
  static void awaitFree(Path path, Duration limit) throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    try (FileChannel file = open(path)) {
      while (true) {
        FileLock alone = file.tryLock();
        if (alone != null) {
          alone.release();
          return;
        }
        if (System.nanoTime() > deadlineNanos || never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new IOException(
              "services of a federation that was killed are still running on "
                  + path.getParent()
                  + " after "
                  + limit.toSeconds()
                  + " s: end them first (java … "
                  + SeparateService.class.getSimpleName()
                  + " …)");
        }
      }
    }
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
