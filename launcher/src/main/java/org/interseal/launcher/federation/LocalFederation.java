package org.interseal.launcher.federation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.launcher.dashboard.Registrations;

/** A running federation on this machine. Closing it stops everything cleanly; its data stay. */
public final class LocalFederation implements AutoCloseable {
  static final String OPERATOR = "operator";
  static final String TELLER = "teller";

  /** How long services whose launcher was killed may go on, before a start is given up. */
  static final Duration ORPHANS_LIMIT = SeparateService.STOP_LIMIT.plusSeconds(10);

  private static final int STARTS_AT_ONCE = 2;

  private final FederationDirectory directory;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final HttpClient http;
  private final List<Running> running = Collections.synchronizedList(new ArrayList<>());
  private final List<BankPorts> banks = new ArrayList<>();
  private final FederationPlan plan;
  private final String operatorPassword;
  private boolean closed;

  private LocalFederation(
      FederationDirectory directory,
      FileChannel lockFile,
      FileLock lock,
      HttpClient http,
      FederationPlan plan,
      String operatorPassword) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.lock = lock;
    this.http = http;
    this.plan = plan;
    this.operatorPassword = operatorPassword;
  }

  /**
   * Starts the federation kept in {@code directory}; banks that it lacks are founded.
   *
   * @param progress hears what is being done
   */
  public static LocalFederation start(
      FederationDirectory directory,
      List<BankId> banks,
      FederationOptions options,
      InstantSource clock,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    Files.createDirectories(directory.root());
    FileChannel lockFile =
        FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = tryLock(lockFile);
    if (lock == null) {
      lockFile.close();
      throw new IOException("a federation is running on " + directory.root() + " already");
    }
    SecureRandom random = new SecureRandom();
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    LocalFederation federation = null;
    try {
      ServiceLock.awaitFree(directory.serviceLock(), ORPHANS_LIMIT);
      OwnerOnlySecret.ensure(directory.operatorPassword(), random);
      FederationDescription description =
          FederationDescription.read(directory)
              .on(options.rethinkDb(), random)
              .partitioned(options.partitions())
              .with(banks);
      FederationStores stores = description.stores(directory, clock);
      FederationPlan plan = FederationPlan.of(directory, description, stores, options);
      plan.description().write(directory);
      federation =
          new LocalFederation(
              directory,
              lockFile,
              lock,
              http,
              plan,
              OwnerOnlySecret.read(directory.operatorPassword()));
      federation.startAll(
          options, stores, new Founding(directory, stores, http, clock, random), progress);
      return federation;
    } catch (IOException | InterruptedException | RuntimeException e) {
      if (federation == null) {
        lockFile.close();
        http.shutdownNow();
      } else {
        federation.close();
      }
      throw e;
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel file)
      throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private void startAll(
      FederationOptions options,
      FederationStores stores,
      Founding founding,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    ServiceRunner runner =
        options.separate() ? new ProcessRunner(directory) : new ContextRunner(directory.log());
    progress.accept("starting the authority");
    stores.prepareShared();
    founding.prepareAuthority();
    running.add(runner.start(plan.registry()));
    for (BankId bank : plan.description().banks()) {
      stores.prepareBank(bank, plan.nodes(bank));
      founding.complete(
          bank,
          plan.nodes(bank),
          Optional.of(plan.description().partitionsOfEach()),
          URI.create(plan.registry().url()),
          progress);
    }
    founding.close();
    ExecutorService starters = Executors.newFixedThreadPool(STARTS_AT_ONCE);
    try {
      List<Future<?>> starts = new ArrayList<>();
      for (BankId bank : plan.description().banks()) {
        progress.accept("starting " + bank);
        starts.add(
            starters.submit(() -> {
              for (Service service : plan.services(bank)) {
                running.add(runner.start(service));
              }
              return bank;
            }));
        banks.add(plan.ports(bank));
      }
      for (Future<?> start : starts) {
        start.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a service did not start: " + e.getCause(), e.getCause());
    } finally {
      starters.shutdown();
    }
    if (options.dashboard()) {
      progress.accept("starting the dashboard");
      running.add(runner.start(plan.dashboard()));
      register();
    }
  }

  private void register() throws IOException, InterruptedException {
    Registrations registrations =
        new Registrations(http, URI.create(plan.dashboard().url()), OPERATOR, operatorPassword);
    for (Running each : List.copyOf(running)) {
      if (each.service().kind() != Service.Kind.DASHBOARD) {
        registrations.register(
            each.service().name(), each.service().managementUrl(), each.service().url());
      }
    }
  }

  public List<BankPorts> banks() {
    return List.copyOf(banks);
  }

  public FederationDirectory directory() {
    return directory;
  }

  public URI registry() {
    return URI.create(plan.registry().url());
  }

  public URI dashboard() {
    return URI.create(plan.dashboard().url());
  }

  /** SHA-256 of the authority's root certificate. */
  public Bytes rootFingerprint() throws IOException {
    return Bytes.sha256(Bytes.of(Files.readAllBytes(directory.rootCertificate())));
  }

  /** Name and password are for actuator, operator endpoints and the dashboard. */
  public OperatorClient operator() {
    return new OperatorClient(http, operatorPassword);
  }

  public HttpClient http() {
    return http;
  }

  /** A teller at a bank's branch. */
  public TellerClient teller(BankPorts bank, java.util.concurrent.Executor executor)
      throws IOException {
    return new TellerClient(
        http,
        bank.branch(),
        TELLER,
        OwnerOnlySecret.read(directory.tellerPassword(bank.bank())),
        executor);
  }

  /**
   * Waits until a service ends that nobody asked to.
   *
   * @return which one, how, and where its log is: for people
   */
  public String awaitEnd() throws InterruptedException {
    CompletableFuture<?>[] ends =
        List.copyOf(running).stream()
            .map(each -> each.ended().thenApply(how -> describe(each, how)))
            .toArray(CompletableFuture<?>[]::new);
    try {
      return String.valueOf(CompletableFuture.anyOf(ends).get());
    } catch (ExecutionException e) {
      throw new IllegalStateException("a service's end was not told", e);
    }
  }

  /** Stops one of its services cleanly, for good; the others go on. */
  public void stop(String service) {
    Running stopped =
        List.copyOf(running).stream()
            .filter(each -> each.service().name().equals(service))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no service " + service));
    running.remove(stopped);
    stopped.close();
  }

  /** The services that have a JVM of their own. */
  public List<ServiceProcess> processes() {
    return List.copyOf(running).stream()
        .filter(ServiceProcess.class::isInstance)
        .map(ServiceProcess.class::cast)
        .toList();
  }

  private static String describe(Running service, String how) {
    return service.service().name() + " ended " + how + "; its log: " + service.log();
  }

  /** Stops everything; whoever closes it too waits for that. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<Running> all = new ArrayList<>(running);
    Collections.reverse(all);
    all.forEach(Running::close);
    running.clear();
    http.shutdownNow();
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
