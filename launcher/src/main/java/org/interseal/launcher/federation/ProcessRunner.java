package org.interseal.launcher.federation;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs services in a JVM each, with their output in a file each. Whatever else a service writes
 * lies below its own directory, which it works in.
 */
final class ProcessRunner implements ServiceRunner {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final long PROBE_MILLIS = 100;

  /** A property of this JVM: services that live for seconds start sooner with 1. */
  private static final String COMPILER_LEVEL = "interseal.services.compiler-level";

  private static final int BEST_COMPILER = 4;

  private final FederationDirectory directory;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  ProcessRunner(FederationDirectory directory) {
    this.directory = directory;
  }

  @Override
  public Running start(Service service) throws IOException, InterruptedException {
    Path log = directory.log(service);
    Files.createDirectories(directory.logs());
    ServiceProcess running = new ServiceProcess(service, this, log, launch(service, log));
    try {
      awaitReady(running, START_LIMIT);
    } catch (IOException | InterruptedException | RuntimeException e) {
      running.close();
      throw e;
    }
    return running;
  }

  /** Starts its JVM. */
  Process launch(Service service, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xmx" + (service.kind() == Service.Kind.BANK_SERVER ? "320m" : "256m"),
            "-XX:TieredStopAtLevel=" + Integer.getInteger(COMPILER_LEVEL, BEST_COMPILER),
            "-Djava.io.tmpdir=" + temporary(service)));
    command.add("-cp");
    command.add(classPath());
    command.add(SeparateService.class.getName());
    command.addAll(
        SeparateService.arguments(directory.serviceLock(), ProcessHandle.current().pid(), service));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(service.home().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // The GNU C library keeps memory for each thread that ever asked for some.
    builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
    return builder.start();
  }

  /** A directory for what a server spools and libraries unpack; what a killed one left goes. */
  private static Path temporary(Service service) throws IOException {
    Path temporary = service.home().resolve("tmp");
    if (Files.isDirectory(temporary, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> left = Files.walk(temporary)) {
        for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    return Files.createDirectories(temporary);
  }

  /** The launcher's own, which may be told from where it was started. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Returns once it answers that it is ready. */
  void awaitReady(ServiceProcess running, Duration limit) throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    HttpRequest probe =
        HttpRequest.newBuilder(
                URI.create(running.service().managementUrl() + "/actuator/health/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    String lastProblem = "not ready";
    while (System.nanoTime() < deadlineNanos) {
      if (running.process().waitFor(PROBE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException(
            running.service().name()
                + " ended with code "
                + running.process().exitValue()
                + "; see "
                + running.log());
      }
      try {
        if (http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        lastProblem = notYet.toString();
      }
    }
    throw new IOException(
        running.service().name()
            + " was not ready within "
            + limit.toSeconds()
            + " s ("
            + lastProblem
            + "); see "
            + running.log());
  }
}
