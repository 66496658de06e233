package org.interseal.branch;

import static org.interseal.branch.FakeBank.BANK;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.service.OpenApiContract;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.SqliteStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A branch as a process runs it, on SQLite, against a bank that opens and answers with its real
 * keys.
 */
abstract class BranchProcess {
  static final String PASSWORD = "a long teller password";
  static final Iban ACCOUNT = Iban.of(BANK, 0, 7);
  static final InstantSource CLOCK = new RunningTime();

  /** Every answer in these tests is held to it. */
  static final OpenApiContract CONTRACT = new OpenApiContract("branch-openapi.json");

  @TempDir Path directory;
  final TestAuthority authority = new TestAuthority();
  final TestAuthority.TestBank testBank = authority.bank(BANK.value());
  final TestAuthority.TestNode server = testBank.server("one");
  final TestAuthority.TestNode branch = testBank.branch("north");
  final FakeBank bank = new FakeBank(testBank, server, branch);
  final HttpClient http = HttpClient.newHttpClient();
  final List<AutoCloseable> open = new ArrayList<>();
  @Nullable Store published;
  final AnsweringBank answering = new AnsweringBank(bank, CLOCK);

  @Configuration(proxyBeanMethods = false)
  static class TestClock {
    @Bean
    InstantSource instantSource() {
      return CLOCK;
    }
  }

  @BeforeEach
  void federation() throws Exception {
    Files.createDirectories(directory.resolve("store"));
    Store shared = SqliteStore.openShared(directory.resolve("store/shared.db"), CLOCK);
    published = shared;
    Store bankStore = SqliteStore.openBank(directory.resolve("store/bank-" + BANK + ".db"), CLOCK);
    open.add(shared);
    open.add(bankStore);
    var _ =
        shared
            .append(TableName.BANK_KEYS)
            .insert(
                List.of(
                    testBank.licence(1, LicenceStatus.ACTIVE).toInsert(0),
                    server.row().toInsert(0),
                    branch.row().toInsert(0)))
            .get(10, TimeUnit.SECONDS);
    Thread bankThread = Thread.ofPlatform().daemon().start(() -> answering.work(shared, bankStore));
    open.addFirst(() -> {
      answering.stop();
      bankThread.join(5_000);
    });
    secret("passphrase", "a vault passphrase");
    secret("teller", PASSWORD);
    Files.write(directory.resolve("root.der"), authority.root().der().toArray());
    Pkcs12KeyVault vault =
        Pkcs12KeyVault.open(directory.resolve("branch.p12"), "a vault passphrase".toCharArray());
    vault.store("node-signing", branch.key());
    vault.store("node-encryption", branch.decryption());
  }

  void secret(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, content + "\n");
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    http.close();
  }

  ConfigurableApplicationContext branch(String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--server.port=0");
    arguments.add("--interseal.store.directory=" + directory.resolve("store"));
    arguments.add("--interseal.bank=" + BANK);
    arguments.add("--interseal.node=north");
    arguments.add("--interseal.vault.file=" + directory.resolve("branch.p12"));
    arguments.add("--interseal.vault.passphrase-file=" + directory.resolve("passphrase"));
    arguments.add("--interseal.root-certificate=" + directory.resolve("root.der"));
    arguments.add("--interseal.branch.journal=" + directory.resolve("journal"));
    arguments.add("--interseal.teller.name=ada");
    arguments.add("--interseal.teller.password-file=" + directory.resolve("teller"));
    arguments.addAll(List.of(more));
    ConfigurableApplicationContext context =
        BranchAgentApplication.builder()
            .sources(TestClock.class)
            .run(arguments.toArray(String[]::new));
    open.addFirst(context);
    return context;
  }

  HttpResponse<String> call(
      ConfigurableApplicationContext context,
      String method,
      String path,
      String body,
      String... headers)
      throws Exception {
    int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty() && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    Map<String, String> received = new HashMap<>();
    answer
        .headers()
        .map()
        .forEach((name, values) -> received.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    CONTRACT.check(method, path, answer.statusCode(), received, answer.body());
    return answer;
  }

  static String[] teller(String name, String password, String... more) {
    List<String> headers = new ArrayList<>(List.of(more));
    headers.add("Authorization");
    headers.add(
        "Basic "
            + Base64.getEncoder()
                .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8)));
    return headers.toArray(String[]::new);
  }

  static String[] ada(String... more) {
    return teller("ada", PASSWORD, more);
  }
}
