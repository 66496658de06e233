package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.interseal.launcher.dashboard.Registrations;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.protocol.json.ProtocolJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The operators' dashboard that {@code up} starts over all services. */
class DashboardIT {
  private static final int PORT_BASE = 25_400;
  private static final int ONE_BANK = 1;

  @TempDir Path data;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void anOperatorSeesEveryServiceUpAndNobodyElseSeesAnything() throws Exception {
    ChildFederation federation = ChildFederation.start(data, PORT_BASE, ONE_BANK);
    try {
      URI dashboard = federation.service("dashboard");
      String operator =
          Registrations.basic(
              "operator", OwnerOnlySecret.read(new FederationDirectory(data).operatorPassword()));

      assertThat(get(dashboard, Registrations.basic("operator", "a wrong password")).statusCode())
          .isEqualTo(401);
      Waiting.until("every service is up", () -> up(get(dashboard, operator)).size() == 4);
      assertThat(up(get(dashboard, operator)))
          .containsExactlyInAnyOrder(
              "key-registry", "BKAAXX00 server-1", "BKAAXX00 gateway-1", "BKAAXX00 branch-1");
    } finally {
      federation.stop();
      http.close();
    }
  }

  private HttpResponse<String> get(URI dashboard, String authorization) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(dashboard.resolve("/instances"))
            .header("Accept", "application/json")
            .header("Authorization", authorization)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static List<String> up(HttpResponse<String> instances) throws Exception {
    assertThat(instances.statusCode()).isEqualTo(200);
    List<String> names = new ArrayList<>();
    for (JsonNode instance : ProtocolJson.decode(instances.body(), JsonNode.class)) {
      if (instance.path("statusInfo").path("status").asString().equals("UP")) {
        names.add(instance.path("registration").path("name").asString());
      }
    }
    return names;
  }
}
