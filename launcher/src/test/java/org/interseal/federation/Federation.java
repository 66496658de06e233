package org.interseal.federation;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.interseal.client.BankClient;
import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.client.VolatileDeviceMemory;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.launcher.federation.TellerClient;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.ActivationCode;
import org.jspecify.annotations.Nullable;

/**
 * A running federation and its customers. Everything has a default; a test sets what matters to it.
 */
final class Federation implements AutoCloseable {
  static final BankId A = new BankId("BKAAXX00");
  static final BankId B = new BankId("BKABXX00");
  static final CurrencyCode CZK = new CurrencyCode("CZK");

  private static final String TELLER = "teller";
  private static final int MAX_IN_FLIGHT = 64;
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final FederationDirectory directory;
  private final List<BankPorts> banks;
  private final URI registry;
  private final Runnable host;
  private final Consumer<String> stopper;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final ClientRuntime runtime =
      ClientRuntime.start(InstantSource.system(), new SecureRandom(), MAX_IN_FLIGHT);

  Federation(FederationDirectory directory, List<BankPorts> banks, URI registry, Runnable host) {
    this(
        directory,
        banks,
        registry,
        host,
        name -> {
          throw new IllegalStateException("another process runs " + name);
        });
  }

  Federation(
      FederationDirectory directory,
      List<BankPorts> banks,
      URI registry,
      Runnable host,
      Consumer<String> stopper) {
    this.directory = directory;
    this.banks = List.copyOf(banks);
    this.registry = registry;
    this.host = host;
    this.stopper = stopper;
  }

  /** How one is to be started on these data. */
  static FederationSetup in(Path data) {
    return new FederationSetup(data);
  }

  /** Stops a node of a bank cleanly; the others go on. */
  void stop(BankId bank, String node) {
    stopper.accept(bank + " " + node);
  }

  FederationDirectory directory() {
    return directory;
  }

  BankPorts ports(BankId bank) {
    return banks.stream().filter(p -> p.bank().equals(bank)).findFirst().orElseThrow();
  }

  ClientRuntime runtime() {
    return runtime;
  }

  HttpClient http() {
    return http;
  }

  /** The authority, as its officer and the holder of its root key use it. */
  Authority authority() {
    return new Authority(http, registry, directory);
  }

  /** What the banks' operators read and post at their servers. */
  Operators operators() {
    return new Operators(this, banks);
  }

  TellerClient teller(BankId bank) throws IOException {
    String password = OwnerOnlySecret.read(directory.tellerPassword(bank));
    return new TellerClient(http, ports(bank).branch(), TELLER, password, executor);
  }

  /** A customer with a funded account and a linked device. */
  Customer customer(BankId bank, String name, long fundsMinor) throws Exception {
    return customer(bank, name, fundsMinor, null);
  }

  Customer customer(BankId bank, String name, long fundsMinor, @Nullable Long number)
      throws Exception {
    Iban account = account(bank, name, fundsMinor, number);
    return link(bank, name, account);
  }

  /** An account without a device. */
  Iban account(BankId bank, String name, long fundsMinor, @Nullable Long number) throws Exception {
    String key = "k" + NUMBERS.incrementAndGet() + "-" + UUID.randomUUID();
    Iban account = Waiting.get(teller(bank).openAccount(name, CZK.value(), number, "open-" + key));
    if (fundsMinor > 0) {
      cashIn(bank, account, fundsMinor);
    }
    return account;
  }

  void cashIn(BankId bank, Iban account, long minor) throws Exception {
    String key =
        "cash-" + NUMBERS.incrementAndGet() + "-" + UUID.randomUUID().toString().substring(0, 8);
    var _ = Waiting.get(teller(bank).cashIn(account, new Money(minor, CZK), key, key));
  }

  private Customer link(BankId bank, String name, Iban account) throws Exception {
    ActivationCode code =
        Waiting.get(teller(bank).activationCode(account, "code-" + UUID.randomUUID()));
    VolatileDeviceMemory memory = Customer.newMemory();
    BankClient client = client(bank);
    Device device =
        Customer.answered(
            Waiting.get(Device.activate(client, memory, code, name, Customer.ANSWER_LIMIT)));
    return Customer.of(bank, name, account, memory, device);
  }

  /** The bank as its customers reach it, proved against the federation's own root. */
  BankClient client(BankId bank) throws Exception {
    return Waiting.get(BankClient.connect(runtime, ports(bank).gateways(), rootFingerprint()));
  }

  Bytes rootFingerprint() throws IOException {
    return Bytes.sha256(Bytes.of(java.nio.file.Files.readAllBytes(directory.rootCertificate())));
  }

  /** A call of a teller that the branch answered for good. */
  HttpResponse<String> teller(BankId bank, String method, String path, String body)
      throws Exception {
    Caller caller = new Caller(http, TELLER, directory.tellerPassword(bank));
    HttpRequest request =
        caller
            .calls(ports(bank).branch().resolve(path))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "teller-" + UUID.randomUUID())
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    List<HttpResponse<String>> answers = new ArrayList<>();
    Waiting.until(
        "the branch answers " + method + " " + path,
        () -> {
          HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
          if (response.statusCode() == 202 || response.statusCode() == 503) {
            return false;
          }
          answers.add(response);
          return true;
        });
    return answers.getFirst();
  }

  HttpResponse<String> closeAccount(Customer customer) throws Exception {
    return teller(
        customer.bank(),
        "DELETE",
        "/v1/accounts/" + URLEncoder.encode(customer.account().value(), StandardCharsets.UTF_8),
        "");
  }

  @Override
  public void close() {
    runtime.close();
    host.run();
    executor.shutdown();
    http.shutdownNow();
  }
}
