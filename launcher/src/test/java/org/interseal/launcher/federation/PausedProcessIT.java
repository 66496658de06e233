package org.interseal.launcher.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "whether a process is stopped is told by /proc")
class PausedProcessIT {
  private static final Duration PAUSE = Duration.ofMillis(1_500);
  private static final long LIMIT_SECONDS = 30;
  private static final long LOOK_MILLIS = 20;

  @TempDir Path data;

  /** Pauses a process, and dies on the spot. */
  public static final class DyingLauncher {
    private DyingLauncher() {}

    public static void main(String[] arguments) throws Exception {
      FederationDirectory directory = new FederationDirectory(Path.of(arguments[0]));
      Process sleeper = new ProcessBuilder("sleep", "60").start();
      System.out.println(sleeper.pid());
      Service service =
          new Service("sleeper", Service.Kind.DASHBOARD, directory.root(), 1, 2, List.of());
      ServiceProcess paused =
          new ServiceProcess(
              service, new ProcessRunner(directory), directory.root().resolve("log"), sleeper);
      var _ = paused.pause(PAUSE);
      awaitStopped(sleeper.pid(), true);
      System.out.println("paused");
      Runtime.getRuntime().halt(0);
    }
  }

  @Test
  void isWokenThoughItsLauncherDies() throws Exception {
    Process launcher =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DyingLauncher.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long pid = Long.parseLong(String.valueOf(launcher.inputReader().readLine()));
    try {
      assertThat(launcher.inputReader().readLine()).isEqualTo("paused");
      assertThat(launcher.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      awaitStopped(pid, false);
    } finally {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static void awaitStopped(long pid, boolean stopped) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (isStopped(pid) != stopped && System.nanoTime() < deadlineNanos) {
      var _ = never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
    assertThat(isStopped(pid)).isEqualTo(stopped);
  }

  /** By the letter after the name, which is in brackets. */
  private static boolean isStopped(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
  }
}
