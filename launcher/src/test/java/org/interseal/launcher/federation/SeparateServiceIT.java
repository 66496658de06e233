package org.interseal.launcher.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.interseal.identity.BankId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service in a JVM of its own owes its launcher, and whoever comes after it. */
class SeparateServiceIT {
  private static final long LIMIT_SECONDS = 30;
  private static final long NOT_WITHIN_MILLIS = 1_000;

  @TempDir Path data;

  /** A service that does nothing, for ever. */
  public static final class Idle {
    private Idle() {}

    public static void main(String[] arguments) throws InterruptedException {
      System.out.println("idle");
      new CountDownLatch(1).await();
    }
  }

  @Test
  void whoeverComesNextWaitsForItAndItEndsWithItsLauncher() throws Exception {
    FederationDirectory directory = new FederationDirectory(data);
    new FederationDescription(FederationDescription.VERSION, List.of(), Map.of(), null, null)
        .write(directory);
    Process service = service(directory, ProcessHandle.current().pid());
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      awaitLine(service, "idle");

      Future<List<BankId>> verification =
          executor.submit(() -> {
            try (ClosedFederation held = ClosedFederation.hold(directory, new StoreChoice())) {
              return held.banks();
            }
          });
      assertWaits(verification);
      service.getOutputStream().close();
      assertThat(verification.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEmpty();
      assertThat(service.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(service.exitValue()).isZero();
    } finally {
      service.destroyForcibly();
    }
  }

  @Test
  void aStartWaitsForIt() throws Exception {
    FederationDirectory directory = new FederationDirectory(data);
    Process service = service(directory, ProcessHandle.current().pid());
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      awaitLine(service, "idle");

      Future<Boolean> start = executor.submit(() -> reachesItsFirstStep(directory));
      assertWaits(start);
      service.getOutputStream().close();
      assertThat(start.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      service.destroyForcibly();
    }
  }

  @Test
  void anOrphanDoesNotStart() throws Exception {
    Process orphan = service(new FederationDirectory(data), Long.MAX_VALUE);
    assertThat(orphan.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(orphan.exitValue()).isEqualTo(1);
    awaitLine(orphan, "the launcher has ended");
  }

  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static boolean reachesItsFirstStep(FederationDirectory directory) throws Exception {
    try {
      LocalFederation.start(
              directory,
              List.of(),
              FederationOptions.standard(),
              InstantSource.system(),
              _ -> {
                throw new Enough();
              })
          .close();
      return false;
    } catch (Enough e) {
      return true;
    }
  }

  /** A virtual machine may have something to say of its own. */
  private static void awaitLine(Process process, String text) throws IOException {
    String line = process.inputReader().readLine();
    while (line != null && !line.contains(text)) {
      line = process.inputReader().readLine();
    }
    assertThat(line).as(text).isNotNull();
  }

  private static void assertWaits(Future<?> waiting) throws Exception {
    boolean done;
    try {
      waiting.get(NOT_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
      done = true;
    } catch (TimeoutException e) {
      done = false;
    }
    assertThat(done).isFalse();
  }

  private static Process service(FederationDirectory directory, long launcher) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            SeparateService.class.getName(),
            directory.serviceLock().toString(),
            Long.toString(launcher),
            Idle.class.getName())
        .redirectErrorStream(true)
        .start();
  }
}
