package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A service in a JVM of its own, which can be treated badly and started again. */
public final class ServiceProcess implements Running {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

  private final Service service;
  private final ProcessRunner runner;
  private final Path log;
  private volatile Process process;

  ServiceProcess(Service service, ProcessRunner runner, Path log, Process process) {
    this.service = service;
    this.runner = runner;
    this.log = log;
    this.process = process;
  }

  @Override
  public Service service() {
    return service;
  }

  @Override
  public Path log() {
    return log;
  }

  Process process() {
    return process;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. Returns once it is dead. */
  public void kill() throws InterruptedException {
    int _ = process.destroyForcibly().waitFor();
  }

  /**
   * SIGSTOP, and SIGCONT after a while, whatever becomes of this process meanwhile.
   *
   * @return completes when it goes on
   */
  public CompletableFuture<Void> pause(Duration length) throws IOException {
    // A shell of its own: somebody must wake it up when the launcher dies.
    String seconds = "%d.%03d".formatted(length.toSeconds(), length.toMillisPart());
    String pid = Long.toString(process.pid());
    return new ProcessBuilder(
            List.of("sh", "-c", "kill -STOP $0; sleep $1; kill -CONT $0", pid, seconds))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .onExit()
        .thenApply(_ -> null);
  }

  /**
   * Starts it again after its end; returns once it is ready.
   *
   * @throws IOException when it ends, or is not ready in time; then it may still run
   */
  public void start(Duration limit) throws IOException, InterruptedException {
    if (process.isAlive()) {
      throw new IllegalStateException(service.name() + " runs");
    }
    process = runner.launch(service, log);
    runner.awaitReady(this, limit);
  }

  @Override
  public CompletableFuture<String> ended() {
    return process.onExit().thenApply(p -> "with code " + p.exitValue());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        int _ = process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
