package org.interseal.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.RootCertificate;
import org.interseal.identity.BankId;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.jspecify.annotations.Nullable;

/**
 * A bank as its customers reach it: a list of gateways, and the verified records of its keys. Shared by all devices of
 * a process. Thread-safe.
 *
 * <p>Guarantees: the records are proved against a root certificate with the given fingerprint; a gateway that serves
 * others is refused. A gateway can withhold newer records, but not make one up.
 */
public final class BankClient {
  /** Records are fetched again no sooner than this after the last time. */
  static final Duration MIN_REFRESH = Duration.ofSeconds(2);

  /** Records older than this are fetched again; a key that was replaced meanwhile still opens for days. */
  static final Duration OLD = Duration.ofMinutes(5);

  private static final int MAX_GATEWAYS = 16;

  private final ClientRuntime runtime;
  private final GatewayApi api;
  private final List<URI> gateways;
  private final Bytes rootFingerprint;
  private final AtomicInteger preferred = new AtomicInteger();
  private final AtomicReference<@Nullable CompletableFuture<Void>> refreshing = new AtomicReference<>();
  private volatile @Nullable Known known;
  private volatile Instant triedAt;

  private record Known(BankId bank, RootCertificate root, BankDirectory directory) {}

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
   * @return exceptionally with {@link BankUnreachable} when no gateway answered, and {@link BankNotProven} when one
   *     did with records that prove nothing
   */
  public static CompletableFuture<BankClient> connect(
      ClientRuntime runtime, List<URI> gateways, Bytes rootFingerprint) {
    BankClient client = new BankClient(runtime, gateways, rootFingerprint);
    return client.fetch(0).thenApply(_ -> client);
  }

  /** Fetches the records again, unless that was tried just now. Failing keeps what is known. */
  public CompletableFuture<Void> refresh() {
    Instant now = runtime.clock().instant();
    CompletableFuture<Void> underWay = refreshing.get();
    if (underWay == null && now.isBefore(triedAt.plus(MIN_REFRESH))) {
      return CompletableFuture.completedFuture(null);
    }
    triedAt = now;
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> running = refreshing.compareAndExchange(null, mine);
    if (running != null) {
      return running;
    }
    var _ =
        fetch(0)
            .whenComplete(
                (_, _) -> {
                  refreshing.set(null);
                  mine.complete(null);
                });
    return mine;
  }

  /** Fetches the records again, beside other work, when they are older than {@link #OLD}. */
  void refreshWhenOld() {
    if (!runtime.clock().instant().isBefore(triedAt.plus(OLD))) {
      var _ = refresh();
    }
  }

  private CompletableFuture<Void> fetch(int tried) {
    URI gateway = gateway(tried);
    return api.bank(gateway)
        .thenCompose(
            attempt ->
                switch (attempt) {
                  case Attempt.Succeeded<RestApi.OwnBankDocument>(RestApi.OwnBankDocument document) ->
                      accept(document);
                  case Attempt.TryAgain<RestApi.OwnBankDocument> again ->
                      next(tried, again.why());
                  case Attempt.Refused<RestApi.OwnBankDocument> refused ->
                      next(tried, refused.status() + " " + refused.code());
                });
  }

  private CompletableFuture<Void> next(int tried, String why) {
    return tried + 1 < gateways.size()
        ? fetch(tried + 1)
        : CompletableFuture.failedFuture(new BankUnreachable("no gateway serves the bank's records: " + why));
  }

  private CompletableFuture<Void> accept(RestApi.OwnBankDocument document) {
    try {
      RootCertificate root = new RootCertificate(document.rootCertificate());
      if (!root.fingerprint().equals(rootFingerprint)) {
        throw new BankNotProven("the gateway names another root than the activation code");
      }
      BankDirectory directory = BankDirectory.verified(root, document.records());
      Known before = known;
      if (before != null && !before.bank().equals(document.bank())) {
        throw new BankNotProven("the gateway belongs to another bank");
      }
      if (directory.bank(document.bank()).isEmpty()) {
        throw new BankNotProven("the records prove no licence of the bank");
      }
      // A gateway that serves older records than we know does not take anything back.
      if (before == null || directory.version() >= before.directory().version()) {
        known = new Known(document.bank(), root, directory);
      }
      return CompletableFuture.completedFuture(null);
    } catch (InvalidKeyMaterial | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(new BankNotProven("the gateway serves no root certificate"));
    } catch (BankNotProven e) {
      return CompletableFuture.failedFuture(e);
    }
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
