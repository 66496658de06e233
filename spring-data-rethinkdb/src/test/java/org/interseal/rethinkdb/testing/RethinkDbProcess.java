package org.interseal.rethinkdb.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.interseal.rethinkdb.AuthenticationRefused;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.ServerAddress;

/**
 * A server process on loopback, with free ports and without the web console. It can be killed,
 * frozen and started again on its data and port.
 */
public final class RethinkDbProcess implements RethinkDbServer {
  private static final String BINARY = "rethinkdb";
  private static final Pattern DRIVER_PORT =
      Pattern.compile("Listening for client driver connections on port (\\d+)");
  private static final Pattern CLUSTER_PORT =
      Pattern.compile("Listening for intracluster connections on port (\\d+)");
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  /**
   * A server that outlived its test must not join the cluster of another that got its peer's port.
   */
  private static final Duration RECONNECT_LIMIT = Duration.ofSeconds(60);

  private static final int MAX_LINES_KEPT = 100;
  private static final int CACHE_MEGABYTES = 128;

  private final Path binary;
  private final Path directory;
  private final List<String> options;
  private final List<RethinkDbProcess> peers = new CopyOnWriteArrayList<>();
  private volatile Map<String, String> environment = Map.of();
  private volatile Ports ports = new Ports(0, 0);
  private volatile Process process;

  /** Where it listens; 0 lets the server choose. */
  private record Ports(int driver, int cluster) {}

  private RethinkDbProcess(
      Path binary, Path directory, List<String> options, List<RethinkDbProcess> peers) {
    this.binary = binary;
    this.directory = directory;
    this.options = List.copyOf(options);
    this.peers.addAll(peers);
    this.process = launch();
    peers.forEach(peer -> peer.peers.add(this));
  }

  /**
   * Starts a server and waits until it lets clients in.
   *
   * @param directory for its data
   * @param options more of the server's options
   * @return nothing where there is no {@code rethinkdb} on the PATH
   */
  public static Optional<RethinkDbProcess> startIfInstalled(Path directory, String... options) {
    return binary()
        .map(found ->
            new RethinkDbProcess(found, directory.resolve("data"), List.of(options), List.of()));
  }

  /**
   * Starts one more node of a cluster. Whichever of its nodes is started again later joins those
   * that run then.
   *
   * @param data the directory for its data, which is made
   */
  public RethinkDbProcess startPeer(Path data) {
    List<RethinkDbProcess> others = new ArrayList<>(peers);
    others.add(this);
    return new RethinkDbProcess(binary, data, options, others);
  }

  /** The server's program, if it is on the PATH. */
  public static Optional<Path> binary() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    for (String part : path.split(File.pathSeparator)) {
      Path candidate = Path.of(part.isEmpty() ? "." : part).resolve(BINARY);
      if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  @Override
  public ServerAddress address() {
    return new ServerAddress("127.0.0.1", ports.driver());
  }

  /** Where it talks to other nodes. */
  public ServerAddress clusterAddress() {
    return new ServerAddress("127.0.0.1", ports.cluster());
  }

  /** Ends it without a chance to write anything. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Ends it as its operator does: it writes what it has and goes. */
  public void stop() {
    // Process.destroy would close its output as well, and then it does not end.
    signal("-TERM");
    awaitEnd();
  }

  /** Where its data are; to be copied and replaced while it does not run. */
  public Path data() {
    return directory;
  }

  /** Starts it again, after {@link #stop}, {@link #kill} or when it ended by itself. */
  public void restart() {
    process = launch();
  }

  /** Starts it again with these variables added to its environment, now and later. */
  public void restart(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    restart();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Stops it in its tracks: connections stand, and nobody answers. */
  public void freeze() {
    signal("-STOP");
  }

  public void thaw() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      int code = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill " + signal + " gave " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Process launch() {
    List<String> command =
        new ArrayList<>(
            List.of(
                binary.toString(),
                "--directory",
                directory.toString(),
                "--bind",
                "127.0.0.1",
                "--canonical-address",
                "127.0.0.1",
                "--driver-port",
                Integer.toString(ports.driver()),
                "--cluster-port",
                Integer.toString(ports.cluster()),
                "--no-http-admin",
                "--no-update-check",
                "--cluster-reconnect-timeout",
                Long.toString(RECONNECT_LIMIT.toSeconds()),
                "--cache-size",
                Integer.toString(CACHE_MEGABYTES)));
    // A server that is to join others is not ready before it has found one of them.
    peers.stream()
        .filter(RethinkDbProcess::isAlive)
        .forEach(peer -> command.addAll(List.of("--join", "127.0.0.1:" + peer.ports.cluster())));
    command.addAll(options);
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process started = builder.start();
      try {
        ports = readPorts(started);
        awaitLogIn();
        return started;
      } catch (RuntimeException e) {
        started.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The server chooses its ports, so that nobody can take them in between; it says so in its log.
   */
  private static Ports readPorts(Process started) {
    CompletableFuture<Ports> found = new CompletableFuture<>();
    Thread.ofVirtual().name("rethinkdb-log").start(() -> read(started, found));
    try {
      return found.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the server did not start", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void read(Process started, CompletableFuture<Ports> found) {
    Deque<String> lines = new ArrayDeque<>();
    int driver = 0;
    int cluster = 0;
    try (BufferedReader log = started.inputReader(StandardCharsets.UTF_8)) {
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        if (lines.size() == MAX_LINES_KEPT) {
          lines.removeFirst();
        }
        lines.addLast(line);
        driver = port(DRIVER_PORT, line, driver);
        cluster = port(CLUSTER_PORT, line, cluster);
        if (line.startsWith("Server ready")) {
          found.complete(new Ports(driver, cluster));
        }
      }
    } catch (IOException e) {
      lines.addLast(e.toString());
    }
    found.completeExceptionally(new IllegalStateException(String.join("\n", lines)));
  }

  private static int port(Pattern said, String line, int known) {
    Matcher matcher = said.matcher(line);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : known;
  }

  private void awaitLogIn() {
    if (options.stream().anyMatch(option -> option.contains("tls"))) {
      return;
    }
    var settings = ConnectionSettings.of(List.of(address()), "admin", Password.empty());
    try (ConnectionPool pool =
        ConnectionPool.of(settings, new SecureRandom(), RethinkDbObserver.NONE)) {
      var _ = new RethinkDbTemplate(pool).serverTime();
    } catch (AuthenticationRefused e) {
      // A server that was given a password lets others in.
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitEnd();
  }
}
