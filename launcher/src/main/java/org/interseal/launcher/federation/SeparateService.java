package org.interseal.launcher.federation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A service in a JVM of its own, on behalf of the launcher that started it. It never outlives that
 * launcher, however that ended: it holds its place in the {@link ServiceLock}, and stops when its
 * standard input ends. Only the launcher starts services so; run by themselves they know nothing of
 * it.
 */
public final class SeparateService {
  /** How long a clean stop may take after the launcher's end; then it is over at once. */
  static final Duration STOP_LIMIT = Duration.ofSeconds(15);

  private static final int OWN_ARGUMENTS = 3;
  private static final int ORPHANED = 1;

  private SeparateService() {}

  /** The arguments of {@link #main} for a service. */
  static List<String> arguments(Path lock, long launcher, Service service) {
    return Stream.concat(
            Stream.of(lock.toString(), Long.toString(launcher), service.kind().mainClass()),
            service.arguments().stream())
        .toList();
  }

  /** Arguments: the services' lock, the launcher's process id, the service's class, and its own. */
  public static void main(String[] arguments) throws Exception {
    FileLock held = ServiceLock.share(Path.of(arguments[0]));
    // Whoever starts the federation next waits for the lock from now on; an orphan must not go on,
    // as that one may have looked before.
    if (!startedBy(Long.parseLong(arguments[1]))) {
      System.err.println("not started: the launcher has ended");
      System.exit(ORPHANED);
    }
    Thread.ofPlatform().daemon().name("launcher-watch").start(() -> stopAfter(System.in, held));
    try {
      Class.forName(arguments[2])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(arguments, OWN_ARGUMENTS, arguments.length));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static boolean startedBy(long launcher) {
    return ProcessHandle.current().parent().map(parent -> parent.pid() == launcher).orElse(false);
  }

  private static void stopAfter(InputStream launcher, FileLock held) {
    try {
      awaitEnd(launcher);
      Thread.ofPlatform().daemon().name("launcher-watch-limit").start(SeparateService::haltLate);
      System.exit(0);
    } finally {
      // A lock that nobody can reach any more is freed with its channel.
      Reference.reachabilityFence(held);
    }
  }

  private static void awaitEnd(InputStream launcher) {
    try {
      var _ = launcher.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // As good as its end.
    }
  }

  private static void haltLate() {
    try {
      var _ = new CountDownLatch(1).await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }
}
