package org.interseal.bank.founding;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificationRequest;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyWrap;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import tools.jackson.databind.JsonNode;

/**
 * The authority as docs/reference/registry.md has it, as far as an applicant sees; approves when
 * told.
 */
final class StandInRegistry implements AutoCloseable {
  private record Application(Bytes pkcs10, EncryptionKey key, Bytes secret) {}

  private final HttpServer server;
  private final SecureRandom random = new SecureRandom();
  private final TestAuthority authority;
  private final Map<String, Application> applications = new HashMap<>();
  private final Map<String, Application> proven = new HashMap<>();

  StandInRegistry(TestAuthority authority) throws IOException {
    this.authority = authority;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/applications", this::answer);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    JsonNode request = ProtocolJson.mapper().readTree(body);
    int status = 200;
    Object answer = Map.of();
    try {
      if (path.endsWith("/proof")) {
        String id = path.split("/", -1)[3];
        Application application = applications.get(id);
        if (application == null
            || !application.secret.toBase64Url().equals(request.get("opened").asString())) {
          status = 422;
        } else {
          proven.put(id, application);
        }
      } else {
        status = 201;
        answer = applied(request);
      }
    } catch (InvalidKeyMaterial e) {
      status = 422;
    }
    byte[] bytes = ProtocolJson.encodeText(answer).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Map<String, Object> applied(JsonNode request) throws InvalidKeyMaterial {
    Bytes pkcs10 = Bytes.base64Url(request.get("pkcs10").asString());
    var _ = CertificationRequest.verify(pkcs10);
    EncryptionKey key =
        EncryptionKey.fromSpki(Bytes.base64Url(request.get("encryptionKey").asString()));
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    String id = "application-" + applications.size();
    applications.put(id, new Application(pkcs10, key, Bytes.of(secret)));
    Bytes context = Bytes.sha256OfFields("interseal key challenge v1", Bytes.sha256(pkcs10));
    return Map.of("id", id, "challenge", KeyWrap.seal(Bytes.of(secret), key, context, random));
  }

  /** What an officer does. */
  void approve(String id, Store shared) throws InvalidKeyMaterial {
    Application application = proven.get(id);
    if (application == null) {
      throw new IllegalStateException("not proved: " + id);
    }
    RegistryRow licence =
        authority.license(
            CertificationRequest.bank(application.pkcs10),
            CertificationRequest.verify(application.pkcs10),
            application.key);
    var _ = shared.append(TableName.BANK_KEYS).insert(List.of(licence.toInsert(0))).join();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
