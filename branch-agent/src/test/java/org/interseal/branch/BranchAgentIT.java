package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.branch.FakeBank.BANK;
import static org.interseal.branch.FakeBank.CZK;

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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.interseal.crypto.Letter;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SignedStatement;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.heartbeat.Heartbeat;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.service.LogLines;
import org.interseal.service.OpenApiContract;
import org.interseal.store.MutableTable;
import org.interseal.store.Position;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.SqliteStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * A branch as a process runs it, on SQLite, against a bank that opens and answers with its real
 * keys.
 */
@ExtendWith(OutputCaptureExtension.class)
class BranchAgentIT {
  private static final String PASSWORD = "a long teller password";
  private static final Iban ACCOUNT = Iban.of(BANK, 0, 7);

  private static final InstantSource CLOCK = new RunningTime();

  /** Every answer in these tests is held to it. */
  private static final OpenApiContract CONTRACT = new OpenApiContract("branch-openapi.json");

  @TempDir Path directory;
  private final TestAuthority authority = new TestAuthority();
  private final TestAuthority.TestBank testBank = authority.bank(BANK.value());
  private final TestAuthority.TestNode server = testBank.server("one");
  private final TestAuthority.TestNode branch = testBank.branch("north");
  private final FakeBank bank = new FakeBank(testBank, server, branch);
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<AutoCloseable> open = new ArrayList<>();
  private @Nullable Store published;
  private final AnsweringBank answering = new AnsweringBank(bank, CLOCK);

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

  private void secret(String name, String content) throws IOException {
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

  private ConfigurableApplicationContext branch(String... more) {
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

  private HttpResponse<String> call(
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

  private static String[] teller(String name, String password, String... more) {
    List<String> headers = new ArrayList<>(List.of(more));
    headers.add("Authorization");
    headers.add(
        "Basic "
            + Base64.getEncoder()
                .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8)));
    return headers.toArray(String[]::new);
  }

  private static String[] ada(String... more) {
    return teller("ada", PASSWORD, more);
  }

  @Test
  void anAccountIsOpenedFundedAndGivenACodeOverRest() throws Exception {
    ConfigurableApplicationContext context = branch();

    HttpResponse<String> opened =
        call(
            context,
            "POST",
            "/v1/accounts",
            "{\"customerName\":\"Ada L\",\"currency\":\"CZK\",\"requestedNumber\":7}",
            ada());
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(200);
    assertThat(opened.body()).contains("\"status\":\"done\"").contains(ACCOUNT.value());

    HttpResponse<String> funded =
        call(
            context,
            "POST",
            "/v1/accounts/" + ACCOUNT + "/cash-in",
            "{\"amount\":\"100.00\",\"currency\":\"CZK\",\"reference\":\"r1\"}",
            ada());
    assertThat(funded.body()).contains("\"amount\":\"100.00\"").contains("\"reference\":\"r1\"");

    HttpResponse<String> issued =
        call(context, "POST", "/v1/accounts/" + ACCOUNT + "/activation-code", "", ada());
    String text =
        ProtocolJson.mapper()
            .readTree(issued.body())
            .path("result")
            .path("activationCode")
            .asString();
    ActivationCode code = ActivationCode.parse(text);
    assertThat(code.rootFingerprint()).isEqualTo(authority.root().fingerprint());
    BranchMessage last = FakeBank.message(answering.letters().getLast());
    assertThat(last)
        .isEqualTo(
            new BranchMessage.IssueActivationCode(
                "ada", ACCOUNT, ActivationCode.hash(ACCOUNT, code.secret())));
  }

  @Test
  void everyOperationIsDocumentedAndTheDocumentIsServed() throws Exception {
    ConfigurableApplicationContext context = branch();
    var mapping =
        context.getBean("requestMappingHandlerMapping", RequestMappingInfoHandlerMapping.class);

    assertThat(OpenApiContract.served(mapping)).isEqualTo(CONTRACT.operations());
    assertThat(call(context, "GET", "/v1/openapi.json", "", ada()).body())
        .isEqualTo(Files.readString(Path.of("../docs/reference/branch-openapi.json")));
    assertThat(call(context, "GET", "/v1/openapi.json", "").statusCode()).isEqualTo(401);
  }

  @Test
  void everyOperationAnswersAsDocumented() throws Exception {
    ConfigurableApplicationContext context = branch();
    String account = "/v1/accounts/" + ACCOUNT;
    String cash = "{\"amount\":\"5.00\",\"currency\":\"CZK\",\"reference\":\"r1\"}";
    String device = "A".repeat(43);

    assertThat(call(context, "POST", account + "/cash-out", cash, ada()).statusCode())
        .isEqualTo(200);
    assertThat(call(context, "GET", account + "/devices", "", ada()).statusCode()).isEqualTo(200);
    assertThat(call(context, "DELETE", account + "/devices/" + device, "", ada()).statusCode())
        .isEqualTo(200);
    HttpResponse<String> closed = call(context, "DELETE", account, "", ada());
    assertThat(closed.statusCode()).isEqualTo(200);
    String id = ProtocolJson.mapper().readTree(closed.body()).path("requestId").asString();
    assertThat(call(context, "GET", "/v1/requests/" + id, "", ada()).body())
        .isEqualTo(closed.body());
    assertThat(
            call(context, "POST", "/v1/accounts", "plain", ada("Content-Type", "text/plain"))
                .statusCode())
        .isEqualTo(415);

    answering.behave((letter, notice) ->
        Optional.of(
            bank.row(
                new BranchNotice.Refused(letter.messageId(), ReasonCode.AC04, "closed"),
                CLOCK.instant())));
    HttpResponse<String> refused = call(context, "POST", account + "/cash-in", cash, ada());
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("\"reason\":\"AC04\"");
  }

  @Test
  void manyRequestsAtOnceAreAllAnswered() throws Exception {
    BranchDesk desk = branch().getBean(BranchDesk.class);
    int accounts = 600;

    List<CompletableFuture<DeskAnswer<BranchNotice.AccountOpened>>> opened = new ArrayList<>();
    for (int i = 0; i < accounts; i++) {
      opened.add(desk.openAccount("ada", "Customer " + i, CZK, (long) i, "open-" + i));
    }
    CompletableFuture.allOf(opened.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

    assertThat(opened).allSatisfy(f -> assertThat(f.join()).isInstanceOf(DeskAnswer.Done.class));
    // Letters of one insert share a stamp, so the bank orders them by number.
    assertThat(answering.letters().stream().map(Letter::number).sorted())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, accounts).boxed().toList());
  }

  @Test
  void aStrangerAndAWrongPasswordAreRefusedAndNothingIsSent() throws Exception {
    ConfigurableApplicationContext context = branch();
    String path = "/v1/accounts/" + ACCOUNT;

    assertThat(call(context, "DELETE", path, "").statusCode()).isEqualTo(401);
    assertThat(call(context, "DELETE", path, "", teller("ada", "a wrong password")).statusCode())
        .isEqualTo(401);
    HttpResponse<String> stranger = call(context, "DELETE", path, "", teller("eve", PASSWORD));
    assertThat(stranger.statusCode()).isEqualTo(401);
    assertThat(stranger.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(call(context, "GET", "/elsewhere", "", ada()).statusCode()).isEqualTo(403);
    assertThat(answering.letters()).isEmpty();
  }

  @Test
  void anIdempotencyKeyMakesARepetitionTheSameRequest() throws Exception {
    ConfigurableApplicationContext context = branch();
    String cash = "{\"amount\":\"100.00\",\"currency\":\"CZK\",\"reference\":\"r1\"}";
    String path = "/v1/accounts/" + ACCOUNT + "/cash-in";

    String first = call(context, "POST", path, cash, ada("Idempotency-Key", "k1")).body();
    String again = call(context, "POST", path, cash, ada("Idempotency-Key", "k1")).body();
    HttpResponse<String> other =
        call(context, "POST", path, cash.replace("100", "200"), ada("Idempotency-Key", "k1"));

    assertThat(again).isEqualTo(first);
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(other.body()).contains("idempotency-key-reused");
    assertThat(answering.letters()).hasSize(1);
  }

  @Test
  void withoutAnAnswerInTimeTheTellerAsksLater() throws Exception {
    ConfigurableApplicationContext context = branch("--interseal.branch.answer-wait=50ms");
    answering.behave((letter, notice) -> Optional.empty());

    HttpResponse<String> pending =
        call(
            context,
            "POST",
            "/v1/accounts/" + ACCOUNT + "/close",
            "",
            ada("Idempotency-Key", "k1"));

    assertThat(pending.statusCode()).isEqualTo(202);
    String location = pending.headers().firstValue("Location").orElseThrow();
    assertThat(call(context, "GET", location, "", ada()).statusCode()).isEqualTo(202);
    assertThat(call(context, "GET", "/v1/requests/unknown", "", ada()).statusCode()).isEqualTo(404);
  }

  @Test
  void malformedValuesAreProblemsAndSendNothing() throws Exception {
    ConfigurableApplicationContext context = branch();

    for (String body :
        List.of(
            "{}",
            "{\"customerName\":\"\",\"currency\":\"CZK\"}",
            "{\"customerName\":\"A\",\"currency\":\"???\"}",
            "nonsense")) {
      HttpResponse<String> refused = call(context, "POST", "/v1/accounts", body, ada());
      assertThat(refused.statusCode()).as(body).isEqualTo(400);
      assertThat(refused.body()).contains("urn:interseal:problem:");
    }
    assertThat(call(context, "POST", "/v1/accounts/XX00/close", "", ada()).statusCode())
        .isEqualTo(400);
    assertThat(answering.letters()).isEmpty();
  }

  private Store reopened(String name) {
    Store store = SqliteStore.openBank(directory.resolve("store/" + name), CLOCK);
    open.add(store);
    return store;
  }

  @Test
  void anAnswerInAnotherRoleIsNotBelieved() throws Exception {
    BranchDesk desk = branch().getBean(BranchDesk.class);
    TestAuthority.TestNode gateway = testBank.gateway("edge");
    var _ =
        java.util.Objects.requireNonNull(published)
            .append(TableName.BANK_KEYS)
            .insert(List.of(gateway.row().toInsert(0)))
            .get(10, TimeUnit.SECONDS);
    answering.behave((letter, notice) ->
        Optional.of(
            bank.row(
                notice,
                Party.gateway(BANK, "edge"),
                gateway.key(),
                FakeBank.BRANCH,
                bank.branchKey.encryptionKey(),
                CLOCK.instant())));
    var refused = desk.closeAccount("ada", ACCOUNT, "k1");
    long start = System.nanoTime();
    while (answering.answered() == 0) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
      LockSupport.parkNanos(1_000_000);
    }
    answering.behave((letter, notice) -> Optional.of(bank.row(notice, CLOCK.instant())));

    // The second answer stands behind the first in the mailbox: when it is in, the first was looked
    // at.
    assertThat(
            desk.payCashIn("ada", ACCOUNT, new Money(1, CZK), "r", "k2").get(20, TimeUnit.SECONDS))
        .isInstanceOf(DeskAnswer.Done.class);
    assertThat(answering.letters()).hasSize(2);
    assertThat(refused).isNotDone();
  }

  @Test
  void aRestartKeepsRequestsAndTheirAnswers() throws Exception {
    answering.behave((letter, notice) -> Optional.empty());
    ConfigurableApplicationContext first = branch("--interseal.branch.answer-wait=50ms");
    String path = "/v1/accounts/" + ACCOUNT + "/close";
    HttpResponse<String> pending = call(first, "POST", path, "", ada("Idempotency-Key", "k1"));
    assertThat(pending.statusCode()).isEqualTo(202);
    first.close();

    ConfigurableApplicationContext second = branch("--interseal.branch.answer-wait=10s");
    Letter letter = answering.letters().getFirst();
    var _ =
        reopened("bank-" + BANK + ".db")
            .append(TableName.MAILBOX)
            .insert(
                List.of(
                    new org.interseal.store.NewRow(
                        "branch:north", "late", bank.row(bank.decide(letter), CLOCK.instant()))))
            .get(10, TimeUnit.SECONDS);
    HttpResponse<String> answered = call(second, "POST", path, "", ada("Idempotency-Key", "k1"));

    assertThat(answered.statusCode()).isEqualTo(200);
    assertThat(answered.body()).contains(ACCOUNT.value());
    assertThat(answering.letters()).hasSize(1);
  }

  @Test
  void itIsReadyOnceItsBankAndItsCertificateAreKnown() throws Exception {
    ConfigurableApplicationContext context = branch();
    int port = context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    URI ready = URI.create("http://127.0.0.1:" + port + "/actuator/health/ready");
    var _ =
        context
            .getBean(BranchDesk.class)
            .closeAccount("ada", ACCOUNT, "k1")
            .get(20, TimeUnit.SECONDS);

    HttpResponse<String> health =
        http.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString());

    assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
  }

  @Test
  void itLeavesAHeartbeatSignedWithTheKeyOfItsCertificate() throws Exception {
    var _ = branch();
    MutableTable heartbeats =
        java.util.Objects.requireNonNull(published).mutable(TableName.HEARTBEATS);
    long start = System.nanoTime();
    while (heartbeats.all("").isEmpty()) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
      LockSupport.parkNanos(1_000_000);
    }

    String body = heartbeats.find(Heartbeat.rowId(branch.party())).orElseThrow().body();
    Heartbeat beat =
        ProtocolJson.decode(
            SignedStatement.verify(body, Heartbeat.STATEMENT_TYPE, branch.key().verificationKey()),
            Heartbeat.class);
    assertThat(beat.bank()).isEqualTo(BANK);
    assertThat(beat.role()).isEqualTo("branch");
    assertThat(beat.node()).isEqualTo("north");
    assertThat(answering.letters()).isEmpty();
  }

  @Test
  void everyLetterLeavesOneLogLineUnderTheNameThatTheBankHasForIt(CapturedOutput output)
      throws Exception {
    ConfigurableApplicationContext context = branch();
    HttpResponse<String> opened =
        call(
            context,
            "POST",
            "/v1/accounts",
            "{\"customerName\":\"Ada Lovelace\",\"currency\":\"CZK\"}",
            ada());
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(200);

    String envelope =
        java.util.Objects.requireNonNull(published)
            .append(TableName.TRANSACTIONS)
            .readAfter(BANK.value(), Position.START, 10)
            .getFirst()
            .body();
    String id = SubmissionId.of(BANK, envelope);
    // The bank may answer before the store's acknowledgement is worked off here.
    long start = System.nanoTime();
    while (LogLines.with("letter stored", output).isEmpty()) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(LogLines.with("letter stored", output))
        .singleElement()
        .satisfies(line -> {
          assertThat(line.path("reference").asString()).isEqualTo(id + "/0");
          assertThat(line.path("correlation").asString()).isEqualTo(id);
          assertThat(line.path("type").asString()).isEqualTo("branch.account-open.v1");
        });
    String account =
        ProtocolJson.mapper().readTree(opened.body()).path("result").path("account").asString();
    assertThat(account).isNotEmpty();
    assertThat(output.toString()).doesNotContain("Lovelace").doesNotContain(account);
  }
}
