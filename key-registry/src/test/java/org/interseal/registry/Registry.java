package org.interseal.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificationRequest;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.service.ServiceApplication;
import org.interseal.store.Store;
import org.interseal.store.sqlite.SqliteStore;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** A running authority on SQLite, reached over HTTP as anybody would. */
final class Registry implements AutoCloseable {
  static final String OFFICER_PASSWORD = "test officer password";
  static final String OPERATOR_PASSWORD = "test operator password";

  private final ConfigurableApplicationContext context;
  private final HttpClient http = HttpClient.newHttpClient();
  private final SecureRandom random = new SecureRandom();
  private final Path directory;

  private Registry(ConfigurableApplicationContext context, Path directory) {
    this.context = context;
    this.directory = directory;
  }

  static Registry start(Path directory) throws IOException {
    Map<String, Object> properties = new HashMap<>();
    properties.put("server.port", "0");
    properties.put("management.server.port", "0");
    properties.put("interseal.store.directory", directory.resolve("store").toString());
    properties.put("interseal.root-certificate", directory.resolve("root.der").toString());
    properties.put("interseal.vault.file", directory.resolve("vault.p12").toString());
    properties.put(
        "interseal.vault.passphrase-file", secret(directory, "passphrase", "vault secret"));
    properties.put(
        "interseal.operator.password-file", secret(directory, "operator", OPERATOR_PASSWORD));
    properties.put(
        "interseal.officer.password-file", secret(directory, "officer", OFFICER_PASSWORD));
    properties.put("interseal.authority.create", "true");
    String[] arguments =
        properties.entrySet().stream()
            .map(e -> "--" + e.getKey() + "=" + e.getValue())
            .toArray(String[]::new);
    return new Registry(
        ServiceApplication.of(KeyRegistryApplication.class, KeyRegistryApplication.SERVICE)
            .run(arguments),
        directory);
  }

  private static String secret(Path directory, String name, String content) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, content + "\n");
    }
    return file.toString();
  }

  /** An answer. */
  record Answer(int status, JsonNode body) {
    String text(String member) {
      JsonNode node = body.get(member);
      return node == null ? "" : node.asString();
    }
  }

  private URI uri(String property, String path) {
    return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty(property) + path);
  }

  Answer get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri("local.server.port", path)));
  }

  Answer getAsOfficer(String path) throws Exception {
    return send(
        HttpRequest.newBuilder(uri("local.server.port", path))
            .header("Authorization", basic("officer", OFFICER_PASSWORD)));
  }

  Answer post(String path, Object body) throws Exception {
    return send(posting(path, body));
  }

  Answer postAsOfficer(String path, Object body) throws Exception {
    return postAs("officer", OFFICER_PASSWORD, path, body);
  }

  Answer postAs(String name, String password, String path, Object body) throws Exception {
    return send(posting(path, body).header("Authorization", basic(name, password)));
  }

  HttpRequest.Builder posting(String path, Object body) {
    return HttpRequest.newBuilder(uri("local.server.port", path))
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                body instanceof String text ? text : ProtocolJson.encodeText(body)));
  }

  Answer send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(
        response.statusCode(),
        ProtocolJson.mapper().readTree(response.body().startsWith("{") ? response.body() : "{}"));
  }

  HttpResponse<String> management(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri("local.management.port", path))
            .header("Authorization", basic("operator", OPERATOR_PASSWORD))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  static String basic(String name, String password) {
    byte[] pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  RootCertificate root() throws Exception {
    return new RootCertificate(
        Bytes.of(
            http.send(
                    HttpRequest.newBuilder(uri("local.server.port", "/v1/root")).build(),
                    HttpResponse.BodyHandlers.ofByteArray())
                .body()));
  }

  /** What any member sees in the shared store now. */
  BankDirectory seenByMembers() throws Exception {
    try (Store store =
        SqliteStore.openShared(directory.resolve("store/shared.db"), InstantSource.system())) {
      BankDirectory members = BankDirectory.of(root(), store);
      members.refresh();
      return members;
    }
  }

  /** A bank's keys and what it does with them. */
  final class Applicant {
    final BankId bank;
    final SigningKey certifying = SigningKey.generate(SignatureAlgorithm.ED25519, random);
    final DecryptionKey decryption = DecryptionKey.generate(random);

    Applicant(String bic) {
      this.bank = new BankId(bic);
    }

    Bytes pkcs10() {
      return CertificationRequest.forBank(bank, certifying);
    }

    Answer apply() throws Exception {
      return post("/v1/applications", request(pkcs10(), decryption.encryptionKey().spki()));
    }

    ApplicationController.ApplicationRequest request(Bytes pkcs10, Bytes encryptionKey) {
      return new ApplicationController.ApplicationRequest(
          pkcs10, encryptionKey, 1, "Bank " + bank, "plc");
    }

    Answer prove(Answer receipt) throws Exception {
      Bytes opened =
          KeyWrap.open(
              Bytes.base64Url(receipt.text("challenge")),
              decryption,
              Bytes.sha256OfFields("interseal key challenge v1", Bytes.sha256(pkcs10Of(receipt))));
      return post(
          "/v1/applications/" + receipt.text("id") + "/proof",
          new ApplicationController.ProofRequest(opened));
    }

    /** Ed25519 signs the same request to the same bytes. */
    private Bytes pkcs10Of(Answer receipt) {
      if (receipt.status() != 201) {
        throw new IllegalStateException("not applied: " + receipt);
      }
      return pkcs10();
    }

    String proven() throws Exception {
      Answer receipt = apply();
      Answer proof = prove(receipt);
      if (proof.status() != 200) {
        throw new IllegalStateException(proof.toString());
      }
      return receipt.text("id");
    }

    void licensed() throws Exception {
      Answer decision = postAsOfficer("/v1/applications/" + proven() + "/approval", "{}");
      if (decision.status() != 200 || !decision.body().get("published").asBoolean()) {
        throw new IllegalStateException(decision.toString());
      }
    }
  }

  Applicant applicant(String bic) {
    return new Applicant(bic);
  }

  @Override
  public void close() {
    http.close();
    context.close();
  }
}
