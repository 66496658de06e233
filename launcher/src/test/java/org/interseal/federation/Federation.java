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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.interseal.client.BankClient;
import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.client.PaymentOutcome;
import org.interseal.client.VolatileDeviceMemory;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.CustomerMoney;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.FederationOptions;
import org.interseal.launcher.federation.LocalFederation;
import org.interseal.launcher.federation.OperatorClient;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.launcher.federation.TellerClient;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.Resolution;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A running federation and its customers. Everything has a default; a test sets what matters to it.
 */
final class Federation implements AutoCloseable {
  static final BankId A = new BankId("BKAAXX00");
  static final BankId B = new BankId("BKABXX00");
  static final CurrencyCode CZK = new CurrencyCode("CZK");

  private static final Duration HTTP_LIMIT = Duration.ofSeconds(70);
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

  private Federation(
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

  /** How a federation is to be started. */
  static final class Setup {
    private final Path data;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private List<BankId> banks = List.of(A, B);
    private boolean separate;
    private int servers = 1;
    private int gateways = 1;
    private Optional<Integer> partitions = Optional.empty();
    private int portBase = 27_400;
    private Optional<String> rethinkDb = Optional.empty();

    private Setup(Path data) {
      this.data = data;
      for (String setting : FederationOptions.MANY_DEVICES_FROM_ONE_ADDRESS) {
        int equals = setting.indexOf('=');
        settings.put(setting.substring(2, equals), setting.substring(equals + 1));
      }
    }

    Setup banks(BankId... all) {
      banks = List.of(all);
      return this;
    }

    Setup with(String setting, Object value) {
      settings.put(setting, value.toString());
      return this;
    }

    Setup nodes(int ofServers, int ofGateways) {
      servers = ofServers;
      gateways = ofGateways;
      return this;
    }

    Setup partitions(int ofEach) {
      partitions = Optional.of(ofEach);
      return this;
    }

    Setup separate() {
      separate = true;
      return this;
    }

    Setup portBase(int base) {
      portBase = base;
      return this;
    }

    Setup rethinkDb(String address) {
      rethinkDb = Optional.of(address);
      return this;
    }

    Federation start() throws IOException, InterruptedException {
      List<String> arguments = new ArrayList<>();
      settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
      LocalFederation local =
          LocalFederation.start(
              new FederationDirectory(data),
              banks,
              new FederationOptions(separate, false, portBase, rethinkDb, arguments)
                  .nodes(servers, gateways)
                  .partitioned(partitions),
              InstantSource.system(),
              _ -> {});
      return new Federation(
          local.directory(), local.banks(), local.registry(), local::close, local::stop);
    }
  }

  static Setup in(Path data) {
    return new Setup(data);
  }

  static LocalDate today() {
    return LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
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

  TellerClient teller(BankId bank) throws IOException {
    return new TellerClient(http, ports(bank).branch(), "teller", tellerPassword(bank), executor);
  }

  private String tellerPassword(BankId bank) throws IOException {
    return OwnerOnlySecret.read(directory.tellerPassword(bank));
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

  /** A payment between two customers under a reference of its own. */
  static Payment payment(Customer from, Customer to, long minor) {
    return payment(from, to.account(), to.bank(), to.name(), minor, reference());
  }

  static Payment payment(
      Customer from, Iban account, BankId bank, String name, long minor, String instructionId) {
    return new Payment(
        instructionId,
        "E2E-" + instructionId,
        UUID.randomUUID(),
        new PartyAccount(from.name(), from.account(), from.bank()),
        new PartyAccount(name, account, bank),
        new Money(minor, CZK),
        null,
        "for the test",
        null,
        ChargeBearer.SLEV,
        today());
  }

  static String reference() {
    return "t" + NUMBERS.incrementAndGet();
  }

  /**
   * Pays and says how it ended: {@code ACCC}, the reason of the rejection, or {@code none: why}.
   */
  static String pay(Customer from, Payment payment) throws Exception {
    return ending(from.pay(payment));
  }

  static String pay(Customer from, Customer to, long minor) throws Exception {
    return pay(from, payment(from, to, minor));
  }

  static String ending(PaymentOutcome outcome) {
    return switch (outcome) {
      case PaymentOutcome.Settled _ -> "ACCC";
      case PaymentOutcome.Rejected(var reason, var _) -> reason.name();
      case PaymentOutcome.Accepted _ -> "none: accepted only";
      case PaymentOutcome.Unanswered(var _, String why) -> "none: " + why;
    };
  }

  /** A call of a teller that the branch answered for good. */
  HttpResponse<String> teller(BankId bank, String method, String path, String body)
      throws Exception {
    String key = "teller-" + UUID.randomUUID();
    HttpRequest request =
        HttpRequest.newBuilder(ports(bank).branch().resolve(path))
            .timeout(HTTP_LIMIT)
            .header("Authorization", basic("teller", tellerPassword(bank)))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
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

  /**
   * A decision of the authority's officer about a bank: {@code suspension} or {@code
   * reinstatement}.
   */
  void decide(BankId bank, String decision) throws Exception {
    officer("/v1/banks/" + bank + "/" + decision, "{\"reason\":\"a test\"}");
  }

  /** What the authority's officer decides over its interface. */
  void officer(String path, String body) throws Exception {
    HttpResponse<String> response =
        post(
            registry.resolve(path),
            basic("officer", OwnerOnlySecret.read(directory.officerPassword())),
            body);
    if (response.statusCode() / 100 != 2) {
      throw new AssertionError(
          path + " answered " + response.statusCode() + ": " + response.body());
    }
  }

  private HttpResponse<String> post(URI uri, String authorization, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(HTTP_LIMIT)
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** What the bank's operator posts to its server; the status of the answer. */
  int operatorPosts(BankId bank, String path, String body) throws Exception {
    String operator = OwnerOnlySecret.read(directory.operatorPassword());
    return post(URI.create(ports(bank).operations() + path), basic("operator", operator), body)
        .statusCode();
  }

  private static String basic(String user, String password) {
    return "Basic "
        + java.util.Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  /** A resolution that the authority's root key signed and nobody published. */
  String signedByTheAuthority(JsonNode transfer, boolean settled) throws Exception {
    SigningKey rootKey =
        Pkcs12KeyVault.open(
                directory.authority().resolve("vault.p12"),
                OwnerOnlySecret.read(directory.authority().resolve("passphrase")).toCharArray())
            .signingKey("root")
            .orElseThrow();
    Resolution resolution =
        new Resolution(
            1,
            new BankId(transfer.path("bank").asString()),
            transfer.path("partition").asInt(),
            new BankId(transfer.path("targetBank").asString()),
            transfer.path("targetPartition").asInt(),
            transfer.path("transferNumber").asLong(),
            Bytes.base64Url(transfer.path("transferDigest").asString()),
            settled);
    return RegistryRow.of(resolution, rootKey).body();
  }

  /** What the bank's operator reads at its first server. */
  JsonNode operations(BankId bank, String path) throws IOException, InterruptedException {
    return operations(ports(bank).operations(), path);
  }

  JsonNode operations(URI server, String path) throws IOException, InterruptedException {
    return new OperatorClient(http, OwnerOnlySecret.read(directory.operatorPassword()))
        .get(URI.create(server + path));
  }

  /** The health of the bank's first server in full, whatever the status of the answer. */
  String health(BankId bank) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(ports(bank).operations() + "/actuator/health"))
            .timeout(HTTP_LIMIT)
            .header(
                "Authorization",
                basic("operator", OwnerOnlySecret.read(directory.operatorPassword())))
            .header("Accept", "application/json")
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** Customers' money, money in flight and money in suspense of all banks, minor units. */
  long totalMinor() throws IOException, InterruptedException {
    return CustomerMoney.total(
            new OperatorClient(http, OwnerOnlySecret.read(directory.operatorPassword())), banks)
        .getOrDefault(CZK.value(), 0L);
  }

  /** Height of the bank's chain as its server has it. */
  long height(BankId bank) throws Exception {
    return operations(bank, "/actuator/ledger").path("height").asLong();
  }

  /** What the bank's server does: {@code Writing}, {@code Halted}, … */
  String phase(BankId bank) throws Exception {
    return operations(bank, "/actuator/ledger").path("phase").asString();
  }

  /** How many pieces of evidence against other banks the ledger keeps. */
  long evidence(BankId bank) throws Exception {
    long sum = 0;
    for (var kind : operations(bank, "/actuator/ledger").path("evidence").properties()) {
      sum += kind.getValue().asLong();
    }
    return sum;
  }

  /** A counter of a bank's server with one tag; 0 before it first counted. */
  long counted(BankId bank, String meter, String tag, String value) throws Exception {
    try {
      return (long)
          operations(bank, "/actuator/metrics/" + meter + "?tag=" + tag + ":" + value)
              .path("measurements")
              .path(0)
              .path("value")
              .asDouble(0);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).endsWith("404")) {
        return 0;
      }
      throw e;
    }
  }

  /** How many messages the bank set aside, for whatever reason. */
  long setAside(BankId bank) throws Exception {
    try {
      return (long)
          operations(bank, "/actuator/metrics/interseal.set.aside")
              .path("measurements")
              .path(0)
              .path("value")
              .asDouble(0);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).endsWith("404")) {
        return 0;
      }
      throw e;
    }
  }

  /** How many decisions of the bank's ledger ended so. */
  long outcomes(BankId bank, String outcome) throws Exception {
    return counted(bank, "interseal.payments", "outcome", outcome);
  }

  @Override
  public void close() {
    runtime.close();
    host.run();
    executor.shutdown();
    http.shutdownNow();
  }
}
