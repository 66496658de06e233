package org.interseal.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

class ServiceIT {
  @TempDir static Path directory;
  private static ConfigurableApplicationContext context;
  private static HttpClient http;

  @BeforeAll
  static void start() throws Exception {
    context = SmallService.start(directory);
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    context.close();
  }

  private static HttpResponse<String> get(String portProperty, String path, String... headers)
      throws Exception {
    int port = context.getEnvironment().getRequiredProperty(portProperty, Integer.class);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> management(String path, String... headers) throws Exception {
    return get("local.management.port", path, headers);
  }

  private static HttpResponse<String> service(String path, String... headers) throws Exception {
    return get("local.server.port", path, headers);
  }

  private static String[] basic(String password) {
    byte[] pair = ("operator:" + password).getBytes(StandardCharsets.UTF_8);
    return new String[] {"Authorization", "Basic " + Base64.getEncoder().encodeToString(pair)};
  }

  @Test
  void livenessAndReadinessAreForEverybodyButWithoutDetails() throws Exception {
    assertThat(management("/actuator/health/live").body()).isEqualTo("{\"status\":\"UP\"}");
    HttpResponse<String> ready = management("/actuator/health/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body()).isEqualTo("{\"status\":\"UP\"}");
  }

  @Test
  void operatorsSeeBothStoresInReadiness() throws Exception {
    assertThat(management("/actuator/health/ready", basic(SmallService.PASSWORD)).body())
        .contains("sharedStore", "bankStore", "readinessState");
  }

  @Test
  void metricsAreForOperatorsAndNameTheNode() throws Exception {
    assertThat(management("/actuator/prometheus").statusCode()).isEqualTo(401);
    assertThat(management("/actuator/prometheus", basic("wrong")).statusCode()).isEqualTo(401);
    HttpResponse<String> metrics = management("/actuator/prometheus", basic(SmallService.PASSWORD));
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.body())
        .contains("bank=\"BKABXX00\"")
        .contains("node=\"small-1\"")
        .contains("service=\"small-service\"");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the Corretto provider is there for Linux only")
  void operatorsSeeWhoCarriesTheCryptography() throws Exception {
    assertThat(management("/actuator/info").statusCode()).isEqualTo(401);
    assertThat(management("/actuator/info", basic(SmallService.PASSWORD)).body())
        .contains("\"crypto\":{")
        .contains("\"signatures\":\"AmazonCorrettoCryptoProvider\"")
        .contains("\"hpke\":\"Conscrypt\"")
        .contains("\"aesGcm\":\"AmazonCorrettoCryptoProvider\"")
        .contains("\"fallback\":false");
    assertThat(management("/actuator/prometheus", basic(SmallService.PASSWORD)).body().lines())
        .filteredOn(line -> line.startsWith("interseal_crypto_suite{"))
        .singleElement()
        .asString()
        .contains(
            "signatures=\"AmazonCorrettoCryptoProvider\"",
            "hpke=\"Conscrypt\"",
            "fallback=\"false\"")
        .endsWith(" 1.0");
  }

  @Test
  void theReferenceListsTheMetricsOfEveryServiceWithTheirTags() {
    List<String> documented =
        DocumentedPage.of("reference/metrics.md").rows("Every service").stream()
            .map(row -> row.get(0).replace("`", "") + " " + row.get(2).replace("`", ""))
            .sorted()
            .toList();
    Set<String> common = Set.of("service", "bank", "node");
    List<String> counted =
        context.getBean(MeterRegistry.class).getMeters().stream()
            .map(Meter::getId)
            .filter(id -> id.getName().startsWith("interseal."))
            .map(id ->
                id.getName()
                    + " "
                    + id.getTags().stream()
                        .map(Tag::getKey)
                        .filter(key -> !common.contains(key))
                        .sorted()
                        .collect(Collectors.joining(", ")))
            .sorted()
            .toList();
    assertThat(counted).isEqualTo(documented);
  }

  @Test
  void whatWouldShowSecretsIsServedToNobody() throws Exception {
    for (String endpoint : new String[] {"env", "heapdump", "configprops"}) {
      assertThat(management("/actuator/" + endpoint, basic(SmallService.PASSWORD)).statusCode())
          .as(endpoint)
          .isEqualTo(404);
    }
  }

  @Test
  void operatorsReadLogLevelsButChangeNone() throws Exception {
    String path = "/actuator/loggers/org.springframework.web";
    String before = management(path, basic(SmallService.PASSWORD)).body();
    assertThat(before).contains("\"effectiveLevel\":\"INFO\"");

    int port = context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    HttpRequest change =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .headers(basic(SmallService.PASSWORD))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"configuredLevel\":\"DEBUG\"}"))
            .build();
    assertThat(http.send(change, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    assertThat(management(path, basic(SmallService.PASSWORD)).body()).isEqualTo(before);
  }

  @Test
  void actuatorIsNotOnTheServicePort() throws Exception {
    assertThat(service("/actuator/health").statusCode()).isEqualTo(404);
    assertThat(service("/actuator/prometheus", basic(SmallService.PASSWORD)).statusCode())
        .isEqualTo(404);
  }

  @Test
  void operatorPathsNeedTheOperatorsPassword() throws Exception {
    HttpResponse<String> refused = service("/operator/hello");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Basic");
    assertThat(refused.body()).contains("urn:interseal:problem:not-authenticated");
    assertThat(service("/operator/hello", basic(SmallService.PASSWORD)).body()).isEqualTo("hello");
  }

  @Test
  void aMalformedParameterIsAProblemThatQuotesNothing() throws Exception {
    HttpResponse<String> answer = service("/open/number?value=abc%3Cscript%3E");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .isEqualTo("application/problem+json");
    assertThat(answer.body())
        .contains("urn:interseal:problem:malformed-request")
        .doesNotContain("script");
    assertThat(service("/open/number?value=7").body()).isEqualTo("7");
  }

  @Test
  void aBugShowsNothingOfItself() throws Exception {
    HttpResponse<String> answer = service("/open/bug");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains("internal-error")
        .doesNotContain("secret")
        .doesNotContain("Exception");
  }

  @Test
  void retryAfterIsRoundedUpToSeconds() throws Exception {
    HttpResponse<String> answer = service("/open/busy");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("2");
  }

  @Test
  void anUnknownPathIsAProblem() throws Exception {
    HttpResponse<String> answer = service("/open/nothing");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("urn:interseal:problem:not-found");
  }

  @Test
  void storesLieWhereTheConfigurationSays() {
    assertThat(Files.exists(directory.resolve("store/shared.db"))).isTrue();
    assertThat(Files.exists(directory.resolve("store/bank-BKABXX00.db"))).isTrue();
  }
}
