package org.interseal.launcher.federation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.interseal.launcher.dashboard.Registrations;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import tools.jackson.databind.JsonNode;

/** An operator of the local federation, over the services' authenticated endpoints. */
public final class OperatorClient {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final HttpClient http;
  private final String authorization;

  public OperatorClient(HttpClient http, String password) {
    this.http = http;
    this.authorization = Registrations.basic("operator", password);
  }

  /** GETs JSON. */
  public JsonNode get(URI uri) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(LIMIT)
            .header("Authorization", authorization)
            .header("Accept", "application/json")
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(uri + " answered " + response.statusCode());
    }
    try {
      return ProtocolJson.decode(response.body(), JsonNode.class);
    } catch (MalformedMessage e) {
      throw new IOException(uri + " answered with no JSON", e);
    }
  }
}
