package org.interseal.launcher.bank;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyWrap;
import org.interseal.federation.Printed;
import org.interseal.protocol.json.ProtocolJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A bank is founded by a command, at an authority that challenges it. */
@SuppressWarnings("NullAway.Init")
class FoundBankIT {
  private final SecureRandom random = new SecureRandom();
  private final List<Bytes> challenged = new ArrayList<>();
  private final List<String> proved = new ArrayList<>();
  private HttpServer registry;
  private boolean down;

  @TempDir Path scratch;

  @BeforeEach
  void start() throws IOException {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext("/v1/applications", this::answer);
    registry.start();
  }

  @AfterEach
  void stop() {
    registry.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode request =
        ProtocolJson.mapper()
            .readTree(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Object answer = Map.of();
    int status = down ? 503 : 201;
    if (exchange.getRequestURI().getPath().endsWith("/proof")) {
      proved.add(request.get("opened").asString());
    } else if (!down) {
      answer = challenge(request);
    }
    byte[] bytes = ProtocolJson.encodeText(answer).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Map<String, Object> challenge(JsonNode request) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    challenged.add(Bytes.of(secret));
    Bytes pkcs10 = Bytes.base64Url(request.get("pkcs10").asString());
    try {
      return Map.of(
          "id",
          "application-" + challenged.size(),
          "challenge",
          KeyWrap.seal(
              Bytes.of(secret),
              EncryptionKey.fromSpki(Bytes.base64Url(request.get("encryptionKey").asString())),
              Bytes.sha256OfFields("interseal key challenge v1", Bytes.sha256(pkcs10)),
              random));
    } catch (InvalidKeyMaterial e) {
      throw new IllegalStateException(e);
    }
  }

  private String bank(int code, String... arguments) {
    List<String> all = new ArrayList<>(List.of("bank"));
    all.addAll(List.of(arguments));
    Printed ended = Printed.by(all);
    assertThat(ended.code()).as(all + ": " + ended.text()).isEqualTo(code);
    return ended.text();
  }

  private String found(int code, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "found",
                "--data",
                scratch.resolve("data").toString(),
                "--bank",
                "BKCCXX00",
                "--registry",
                "http://127.0.0.1:" + registry.getAddress().getPort(),
                "--legal-name",
                "Third Bank"));
    all.addAll(List.of(more));
    return bank(code, all.toArray(String[]::new));
  }

  private String operator(String name) {
    Path home = scratch.resolve(name);
    bank(0, "operator", name, "--operator-keys", home.toString());
    return home.resolve(name + ".pub").toString();
  }

  @Test
  void aFoundingIsFinishedByRepeatingItAndAppliesOnce() {
    String alice = operator("alice");
    String bob = operator("bob");
    assertThat(found(1, alice)).contains("2 to 32 operators");
    down = true;
    assertThat(found(1, alice, bob)).contains("alice, bob", "503");
    down = false;
    assertThat(found(0, alice, bob)).contains("application-1 is made");
    assertThat(found(0)).contains("application-1 was made");
    assertThat(proved).containsExactly(challenged.getFirst().toBase64Url());

    assertThat(found(1, alice, operator("mallory"))).contains("registered already");
    assertThat(found(0, "--apply-anew")).contains("application-2 is made");
  }
}
