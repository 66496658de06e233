package org.interseal.bank.founding;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import tools.jackson.databind.JsonNode;

/** The authority's REST interface as an applying bank uses it (docs/reference/registry.md). */
public final class RegistryApi {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final HttpClient http;
  private final URI registry;

  public RegistryApi(HttpClient http, URI registry) {
    this.http = http;
    this.registry = registry;
  }

  /**
   * An application that the registry took.
   *
   * @param challenge sealed to the encryption key
   */
  record Receipt(String id, Bytes challenge) {}

  Receipt apply(Bytes pkcs10, Bytes encryptionKey, Licensee licensee)
      throws IOException, InterruptedException {
    JsonNode answer =
        post(
            "/v1/applications",
            Map.of(
                "pkcs10", pkcs10,
                "encryptionKey", encryptionKey,
                "partitions", licensee.partitions(),
                "legalName", licensee.legalName(),
                "legalForm", licensee.legalForm()));
    return new Receipt(
        answer.path("id").asString(), Bytes.base64Url(answer.path("challenge").asString()));
  }

  void prove(String id, Bytes opened) throws IOException, InterruptedException {
    var _ = post("/v1/applications/" + id + "/proof", Map.of("opened", opened));
  }

  /** The root certificate, DER, unproven. */
  Bytes root() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(registry.resolve("/v1/root")).timeout(LIMIT).build();
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException("the registry answered " + response.statusCode());
    }
    return Bytes.of(response.body());
  }

  private JsonNode post(String path, Map<String, Object> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(registry.resolve(path))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(ProtocolJson.encodeText(body)))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          "the registry refused with " + response.statusCode() + ": " + response.body());
    }
    try {
      return ProtocolJson.decode(response.body(), JsonNode.class);
    } catch (MalformedMessage e) {
      throw new IOException("the registry answered with no JSON", e);
    }
  }
}
