package org.interseal.launcher.dashboard;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.interseal.protocol.json.ProtocolJson;

/** Makes services known to a running dashboard (Spring Boot Admin's {@code POST /instances}). */
public final class Registrations {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final HttpClient http;
  private final URI dashboard;
  private final String operator;
  private final String password;

  public Registrations(HttpClient http, URI dashboard, String operator, String password) {
    this.http = http;
    this.dashboard = dashboard;
    this.operator = operator;
    this.password = password;
  }

  /** Registers a service whose actuator takes the same name and password. */
  public void register(String name, String managementUrl, String serviceUrl)
      throws IOException, InterruptedException {
    Map<String, Object> registration =
        Map.of(
            "name",
            name,
            "managementUrl",
            managementUrl + "/actuator",
            "healthUrl",
            managementUrl + "/actuator/health",
            "serviceUrl",
            serviceUrl,
            "metadata",
            Map.of("user.name", operator, "user.password", password));
    HttpRequest request =
        HttpRequest.newBuilder(dashboard.resolve("/instances"))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .header("Authorization", basic(operator, password))
            .POST(HttpRequest.BodyPublishers.ofString(ProtocolJson.encodeText(registration)))
            .build();
    HttpResponse<Void> response = http.send(request, HttpResponse.BodyHandlers.discarding());
    if (response.statusCode() / 100 != 2) {
      throw new IOException("the dashboard refused " + name + " with " + response.statusCode());
    }
  }

  public static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
