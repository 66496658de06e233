package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.interseal.bank.BankServerApplication;
import org.interseal.bank.founding.BankFounding;
import org.interseal.bank.founding.NodeKeys;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The process as operators meet it. */
class BankServerApplicationIT {
  private static final BankId BANK = new BankId("AAAAXX00");
  private static final String PASSWORD = "correct horse battery staple";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path directory;
  private static TestFederation federation;
  private static ConfigurableApplicationContext context;

  @BeforeAll
  static void start() throws Exception {
    federation =
        new TestFederation(Stores.sqlite(Files.createDirectories(directory.resolve("store"))));
    Path vault = directory.resolve("vault.p12");
    found(vault);
    Path root = Files.write(directory.resolve("root.der"), federation.root.der().toArray());
    context =
        BankServerApplication.builder()
            .run(
                "--interseal.store.directory=" + directory.resolve("store"),
                "--interseal.bank=" + BANK,
                "--interseal.node=s1",
                "--interseal.vault.file=" + vault,
                "--interseal.vault.passphrase-file=" + secret("passphrase"),
                "--interseal.root-certificate=" + root,
                "--interseal.operator.password-file=" + secret("operator"),
                "--server.port=0");
    assertThat(context.getBean(BankServer.class).partitions())
        .singleElement()
        .matches(BankServerApplicationIT::writes);
  }

  private static boolean writes(BankNode partition) {
    try {
      return partition.awaitWriting(20_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Path secret(String name) throws Exception {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      Files.writeString(file, PASSWORD);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return file;
  }

  private static void found(Path nodeVault) throws Exception {
    Pkcs12KeyVault founding =
        Pkcs12KeyVault.open(directory.resolve("founding.p12"), PASSWORD.toCharArray());
    InstantSource clock = InstantSource.system();
    BankFounding bank = new BankFounding(BANK, founding, directory, clock, TestFederation.RANDOM);
    federation.license(
        BANK,
        founding.signingKey("certifying").orElseThrow().verificationKey(),
        founding.decryptionKey("encryption-1").orElseThrow().encryptionKey());
    BankDirectory banks = federation.directory(federation.shared);
    banks.refresh();
    NodeKeys node =
        NodeKeys.ensure(
            Party.server(BANK, "s1"),
            Pkcs12KeyVault.open(nodeVault, PASSWORD.toCharArray()),
            TestFederation.RANDOM);
    try (Store own = federation.stores.bank(BANK)) {
      bank.admit(node, banks, federation.shared, own);
    }
  }

  @AfterAll
  static void stop() {
    context.close();
    federation.close();
  }

  private static HttpResponse<String> management(String method, String path, boolean authenticated)
      throws Exception {
    String port = context.getEnvironment().getRequiredProperty("local.management.port");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator" + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                method.equals("GET")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString("{}"));
    if (authenticated) {
      String pair = "operator:" + PASSWORD;
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void it_is_ready_once_it_writes_the_chain() throws Exception {
    assertThat(management("GET", "/health/ready", false).body()).contains("UP");
    assertThat(management("GET", "/health/ready", true).body())
        .contains("chain", "keys", "Writing");
  }

  @Test
  void the_ledgers_summary_is_for_operators_only() throws Exception {
    assertThat(management("GET", "/ledger", false).statusCode()).isEqualTo(401);
    assertThat(management("GET", "/ledger", true).body())
        .contains("\"phase\":\"Writing\"", "\"height\":", "\"customerTotalsMinor\":{}");
  }

  @Test
  void the_documented_metrics_are_there() throws Exception {
    String metrics = management("GET", "/prometheus", true).body();
    for (String name :
        List.of(
            "interseal_oldest_unanswered_seconds",
            "interseal_feed_lag_seconds",
            "interseal_block_items",
            "interseal_block_append_seconds",
            "interseal_outbox_pending",
            "interseal_crypto_operations_total",
            "interseal_store_rows_total")) {
      assertThat(metrics).contains(name);
    }
  }

  @Test
  void junk_can_be_listed_inspected_and_released() throws Exception {
    String junk = "junk";
    TestFederation.insert(
        federation.shared,
        TableName.TRANSACTIONS,
        new NewRow(BANK.value(), SubmissionId.rowId(BANK, junk, 0), junk));
    String id = SubmissionId.of(BANK, junk);
    TestClient.until(
        "listed",
        () -> {
          try {
            return management("GET", "/setaside", true).body().contains(id);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });

    assertThat(management("GET", "/setaside/" + id, true).body())
        .contains("\"reason\":\"malformed\"", "\"envelope\":\"junk\"");
    assertThat(management("POST", "/setaside/" + id, true).body()).contains("\"released\":true");
    assertThat(management("GET", "/setaside/unknown", true).statusCode()).isEqualTo(404);
    assertThat(management("GET", "/setaside", false).statusCode()).isEqualTo(401);
  }

  @Test
  void what_the_server_remembers_of_the_chain_is_shown() throws Exception {
    assertThat(management("GET", "/chainhead", true).body()).contains("remembered", "followed");
    assertThat(management("GET", "/resolutions", true).body()).isEqualTo("[]");
  }

  @Test
  void operators_ask_about_one_partition_by_its_number() throws Exception {
    assertThat(management("GET", "/ledger", true).body())
        .contains("\"partition\":0", "\"partitions\":[{\"partition\":0,");
    for (String page : List.of("/ledger", "/chainhead", "/setaside")) {
      assertThat(management("GET", page + "?partition=0", true).statusCode()).isEqualTo(200);
      assertThat(management("GET", page + "?partition=1", true).statusCode()).isEqualTo(404);
    }
  }
}
