package org.interseal.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.RootCertificate;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.jspecify.annotations.Nullable;

/**
 * A bank as its customers reach it: a list of gateways, and the verified records of its keys.
 * Shared by all devices of a process. Thread-safe.
 *
 * <p>Guarantees: the records are proved against a root certificate with the given fingerprint; a
 * gateway that serves others is refused. A gateway can withhold newer records, but neither make one
 * up nor take one back: what was proved once is kept beside what is served later, and devices keep
 * it across processes ({@link #lastWords}).
 */
public final class BankClient {
  /** Records are fetched again no sooner than this after the last time. */
  static final Duration MIN_REFRESH = Duration.ofSeconds(2);

  /**
   * Records older than this are fetched again; a key that was replaced meanwhile still opens for
   * days.
   */
  static final Duration OLD = Duration.ofMinutes(5);

  private static final int MAX_GATEWAYS = 16;

  /** Most records of other banks that are read. */
  private static final int MAX_RECORDS = 100_000;

  /** Most records of the bank that a gateway serves; a reader of the registry keeps no more. */
  private static final int MAX_OWN_RECORDS = 20_000;

  private final ClientRuntime runtime;
  private final GatewayApi api;
  private final List<URI> gateways;
  private final Bytes rootFingerprint;
  private final AtomicInteger preferred = new AtomicInteger();
  private volatile @Nullable Known known;
  private volatile @Nullable BankDirectory federation;
  private volatile Instant triedAt;
  private @Nullable Fetch underWay;
  private long fetchesStarted;
  private long fetchSucceeded;

  private record Fetch(long number, CompletableFuture<Void> done) {}

  private record Known(
      BankId bank, RootCertificate root, BankDirectory directory, List<String> lastWords) {}

  private BankClient(ClientRuntime runtime, List<URI> gateways, Bytes rootFingerprint) {
    if (gateways.isEmpty() || gateways.size() > MAX_GATEWAYS) {
      throw new IllegalArgumentException("1 to " + MAX_GATEWAYS + " gateways");
    }
    this.runtime = runtime;
    this.api = new GatewayApi(runtime);
    this.gateways = List.copyOf(gateways);
    this.rootFingerprint = rootFingerprint;
    this.triedAt = runtime.clock().instant();
  }

  /**
   * Fetches the bank's records from the first gateway that answers and proves them.
   *
   * @param rootFingerprint from the activation code
   * @return exceptionally with {@link BankUnreachable} or {@link BankNotProven} when no gateway
   *     served records that prove the bank: the last one did not answer, or served others
   */
  public static CompletableFuture<BankClient> connect(
      ClientRuntime runtime, List<URI> gateways, Bytes rootFingerprint) {
    BankClient client = new BankClient(runtime, gateways, rootFingerprint);
    return client.fetch(0).thenApply(_ -> client);
  }

  /** Fetches the records again, unless that was tried just now. Failing keeps what is known. */
  public CompletableFuture<Void> refresh() {
    synchronized (this) {
      if (underWay == null && leftToWait().isPositive()) {
        return CompletableFuture.completedFuture(null);
      }
    }
    return start().handle((_, _) -> null);
  }

  private synchronized Duration leftToWait() {
    Duration left = Duration.between(runtime.clock().instant(), triedAt.plus(MIN_REFRESH));
    return left.compareTo(MIN_REFRESH) > 0 ? MIN_REFRESH : left;
  }

  /** The fetch that is under way, or one that starts now. */
  private CompletableFuture<Void> start() {
    Fetch fetch;
    synchronized (this) {
      if (underWay != null) {
        return underWay.done();
      }
      fetch = new Fetch(++fetchesStarted, new CompletableFuture<>());
      underWay = fetch;
      triedAt = runtime.clock().instant();
    }
    var _ =
        fetch(0)
            .whenComplete((_, failure) -> {
              synchronized (this) {
                underWay = null;
                if (failure == null) {
                  fetchSucceeded = fetch.number();
                }
              }
              if (failure == null) {
                fetch.done().complete(null);
              } else {
                fetch.done().completeExceptionally(ClientRuntime.cause(failure));
              }
            });
    return fetch.done();
  }

  /**
   * To be drawn when something arrives whose author may be unknown, see {@link #refreshedSince}.
   */
  synchronized long ticket() {
    return fetchesStarted;
  }

  /**
   * Completes when the records were fetched by a call that began after the ticket was drawn. Calls
   * are no closer together than {@link #MIN_REFRESH}, and one serves all tickets drawn before it.
   *
   * @return exceptionally when no gateway served them; nothing was learned then about an unknown
   *     author
   */
  CompletableFuture<Void> refreshedSince(long ticket) {
    Fetch running;
    Duration wait;
    synchronized (this) {
      if (fetchSucceeded > ticket) {
        return CompletableFuture.completedFuture(null);
      }
      running = underWay;
      wait = leftToWait();
    }
    if (running != null) {
      return running.number() > ticket
          ? running.done()
          : running.done().handle((_, _) -> null).thenCompose(_ -> refreshedSince(ticket));
    }
    return wait.isPositive()
        ? runtime.after(wait.plusMillis(1)).thenCompose(_ -> refreshedSince(ticket))
        : start();
  }

  /** Fetches the records again, beside other work, when they are older than {@link #OLD}. */
  void refreshWhenOld() {
    if (!runtime.clock().instant().isBefore(triedAt.plus(OLD))) {
      var _ = refresh();
    }
  }

  private CompletableFuture<Void> fetch(int tried) {
    return ask(api::bank, document -> accept(document), tried);
  }

  /** Asks gateway after gateway until one serves what {@code accept} takes. */
  private <D, T> CompletableFuture<T> ask(
      Function<URI, CompletableFuture<Attempt<D>>> question,
      Function<D, CompletableFuture<T>> accept,
      int tried) {
    return question
        .apply(gateway(tried))
        .thenCompose(attempt ->
            switch (attempt) {
              case Attempt.Succeeded<D>(D document) -> accept.apply(document);
              case Attempt.TryAgain<D> again -> unreachable(again.why());
              case Attempt.Refused<D> refused ->
                  unreachable(refused.status() + " " + refused.code());
            })
        .exceptionallyCompose(failure ->
            tried + 1 < gateways.size()
                ? ask(question, accept, tried + 1)
                : CompletableFuture.failedFuture(ClientRuntime.cause(failure)));
  }

  private static <T> CompletableFuture<T> unreachable(String why) {
    return CompletableFuture.failedFuture(
        new BankUnreachable("no gateway serves the bank's records: " + why));
  }

  /**
   * The bank that keeps an account, as its licence proves it; empty when no licensed bank does, as
   * far as the gateways tell. A payment is addressed to it.
   *
   * @return exceptionally with {@link BankUnreachable} when no gateway answered
   */
  public CompletableFuture<Optional<LicensedBank>> bankOf(Iban account) {
    if (account.isAt(bank())) {
      return CompletableFuture.completedFuture(Optional.of(licensed()));
    }
    Optional<LicensedBank> known = keeper(federation, account);
    return known.isPresent()
        ? CompletableFuture.completedFuture(known)
        : ask(gateway -> pages(gateway, "", List.of()), this::acceptFederation, 0)
            .thenApply(directory -> keeper(directory, account));
  }

  private static Optional<LicensedBank> keeper(@Nullable BankDirectory directory, Iban account) {
    return directory == null
        ? Optional.empty()
        : directory.byIban(account).flatMap(directory::bank);
  }

  private CompletableFuture<Attempt<List<String>>> pages(
      URI gateway, String after, List<String> before) {
    return api.banks(gateway, after)
        .thenCompose(attempt ->
            switch (attempt) {
              case Attempt.Succeeded<RestApi.BankPage>(RestApi.BankPage page) -> {
                List<String> records = new ArrayList<>(before);
                page.banks().forEach(bank -> records.addAll(bank.records()));
                String next = page.next();
                yield next == null || next.compareTo(after) <= 0 || records.size() > MAX_RECORDS
                    ? CompletableFuture.completedFuture(new Attempt.Succeeded<>(records))
                    : pages(gateway, next, records);
              }
              case Attempt.TryAgain<RestApi.BankPage>(String why, Optional<Duration> notBefore) ->
                  CompletableFuture.completedFuture(new Attempt.TryAgain<>(why, notBefore));
              case Attempt.Refused<RestApi.BankPage>(int status, String code) ->
                  CompletableFuture.completedFuture(new Attempt.Refused<>(status, code));
            });
  }

  private synchronized CompletableFuture<BankDirectory> acceptFederation(List<String> served) {
    try {
      Set<String> records = new LinkedHashSet<>();
      BankDirectory before = federation;
      if (before != null) {
        before
            .banks()
            .forEach(bank -> records.addAll(before.lastWords(bank.bank(), MAX_OWN_RECORDS)));
      }
      records.addAll(served);
      BankDirectory directory = BankDirectory.verified(root(), List.copyOf(records));
      federation = directory;
      return CompletableFuture.completedFuture(directory);
    } catch (InvalidKeyMaterial e) {
      throw new IllegalStateException("the root was accepted before", e);
    }
  }

  private CompletableFuture<Void> accept(RestApi.OwnBankDocument document) {
    try {
      RootCertificate root = new RootCertificate(document.rootCertificate());
      if (!root.fingerprint().equals(rootFingerprint)) {
        throw new BankNotProven("the gateway names another root than the activation code");
      }
      learn(document.bank(), root, document.records());
      return CompletableFuture.completedFuture(null);
    } catch (InvalidKeyMaterial | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          new BankNotProven("the gateway serves no root certificate"));
    } catch (BankNotProven e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Proves records together with those that are known, which are never lost again. */
  private synchronized void learn(BankId bank, RootCertificate root, List<String> more)
      throws BankNotProven, InvalidKeyMaterial {
    Known before = known;
    if (before != null && !before.bank().equals(bank)) {
      throw new BankNotProven("the gateway belongs to another bank");
    }
    if (more.size() > MAX_OWN_RECORDS) {
      throw new BankNotProven("the gateway serves too many records");
    }
    List<String> old = before == null ? List.of() : before.directory().records(bank);
    Set<String> all = new LinkedHashSet<>(old);
    if (!all.addAll(more) && before != null) {
      return;
    }
    BankDirectory directory = BankDirectory.verified(root, List.copyOf(all));
    if (directory.bank(bank).isEmpty()) {
      throw new BankNotProven("the records prove no licence of the bank");
    }
    known =
        new Known(bank, root, directory, directory.lastWords(bank, DeviceProfile.MAX_BANK_RECORDS));
  }

  /** Takes in what a device kept of the bank; what cannot be proved is passed over. */
  void remind(List<String> kept) {
    try {
      learn(bank(), root(), kept);
    } catch (BankNotProven | InvalidKeyMaterial e) {
      throw new IllegalStateException("what was proved before is proved no more", e);
    }
  }

  /** The records that a device keeps, so that no gateway takes one back in a later process. */
  List<String> lastWords() {
    return known().lastWords();
  }

  private Known known() {
    Known now = known;
    if (now == null) {
      throw new IllegalStateException("not connected");
    }
    return now;
  }

  public BankId bank() {
    return known().bank();
  }

  /** The verified records of this bank alone. */
  public BankDirectory directory() {
    return known().directory();
  }

  public RootCertificate root() {
    return known().root();
  }

  public List<URI> gateways() {
    return gateways;
  }

  /** The bank as the newest known licence has it. */
  LicensedBank licensed() {
    Known now = known();
    Optional<LicensedBank> bank = now.directory().bank(now.bank());
    return bank.orElseThrow(() -> new IllegalStateException("a bank without licence was accepted"));
  }

  ClientRuntime runtime() {
    return runtime;
  }

  GatewayApi api() {
    return api;
  }

  /** The gateway to ask after so many failures. */
  URI gateway(int failures) {
    return gateways.get(Math.floorMod(preferred.get() + failures, gateways.size()));
  }

  /** Remembers which gateway answered, for whoever asks next. */
  void answered(URI gateway) {
    int index = gateways.indexOf(gateway);
    if (index >= 0) {
      preferred.set(index);
    }
  }
}
