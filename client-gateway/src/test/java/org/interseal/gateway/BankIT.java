package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.interseal.crypto.RootCertificate;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.service.OpenApiContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BankIT {
  @TempDir Path directory;
  private Federation federation;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    federation = new Federation(directory);
    gateway = federation.gateway();
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    federation.close();
  }

  @Test
  void aDeviceCanVerifyItsBankFromTheRootHashAlone() throws Exception {
    var bank = gateway.get(RestApi.BANK).as(RestApi.OwnBankDocument.class);
    RootCertificate root = new RootCertificate(bank.rootCertificate());
    assertThat(root.fingerprint()).isEqualTo(federation.authority.root().fingerprint());

    BankDirectory verified = BankDirectory.verified(root, bank.records());

    assertThat(verified.refused()).isEmpty();
    assertThat(verified.bank(federation.bank.id()).orElseThrow().encryptionKey())
        .isEqualTo(federation.bank.decryption().encryptionKey());
    assertThat(bank.partitions()).isEqualTo(1);
  }

  @Test
  void anUnchangedBankIsNotSentAgainAndAChangedOneIs() throws Exception {
    String tag = gateway.get(RestApi.BANK).headers().getOrDefault("etag", "");
    assertThat(gateway.send("GET", RestApi.BANK, Map.of("If-None-Match", tag), null).status())
        .isEqualTo(304);

    federation.publish(federation.bank.licence(2, LicenceStatus.SUSPENDED));
    gateway.context().getBean(BankDirectory.class).refresh();

    var changed = gateway.send("GET", RestApi.BANK, Map.of("If-None-Match", tag), null);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.as(RestApi.OwnBankDocument.class).status()).isEqualTo("SUSPENDED");
  }

  @Test
  void theDirectoryOfBanksComesInPages() throws Exception {
    var first = gateway.get(RestApi.BANKS + "?limit=1").as(RestApi.BankPage.class);
    assertThat(first.banks())
        .extracting(RestApi.BankDocument::bank)
        .containsExactly(federation.bank.id());
    var second =
        gateway.get(RestApi.BANKS + "?limit=1&after=" + first.next()).as(RestApi.BankPage.class);
    assertThat(second.banks())
        .extracting(RestApi.BankDocument::bank)
        .containsExactly(federation.otherBank.id());
    assertThat(second.next()).isNull();

    List<String> records = second.banks().getFirst().records();
    assertThat(
            BankDirectory.verified(federation.authority.root(), records)
                .bank(federation.otherBank.id()))
        .isPresent();
  }

  @Test
  void oneBankIsFoundByItsBic() throws Exception {
    assertThat(gateway.get(RestApi.BANKS + "/BKBBXX00").as(RestApi.BankDocument.class).bank())
        .isEqualTo(federation.otherBank.id());
    assertThat(gateway.get(RestApi.BANKS + "/NOBAXX00").problem()).isEqualTo("unknown-bank");
    assertThat(gateway.get(RestApi.BANKS + "/nobank").problem()).isEqualTo("malformed-request");
    assertThat(gateway.get(RestApi.BANKS + "?limit=0").problem()).isEqualTo("malformed-request");
    assertThat(gateway.get(RestApi.BANKS + "?limit=x").problem()).isEqualTo("malformed-request");
  }

  @Test
  void theOpenApiDocumentIsTheOneInTheReference() throws Exception {
    assertThat(gateway.get(RestApi.OPENAPI).body())
        .isEqualTo(java.nio.file.Files.readString(Path.of("../docs/reference/openapi.json")));
  }

  @Test
  void everyOperationIsDocumentedAndEveryDocumentedOneExists() {
    var mapping =
        gateway
            .context()
            .getBean(
                "requestMappingHandlerMapping",
                org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping
                    .class);
    assertThat(OpenApiContract.served(mapping))
        .isEqualTo(new OpenApiContract("openapi.json").operations());
  }

  @Test
  void answersCarrySecurityHeaders() throws Exception {
    assertThat(gateway.get(RestApi.BANK).headers())
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("x-frame-options", "DENY")
        .containsEntry("referrer-policy", "no-referrer")
        .containsKey("content-security-policy");
  }

  @Test
  void webClientsOfOtherOriginsAreLeftOutUnlessConfigured() throws Exception {
    Map<String, String> origin = Map.of("Origin", "https://web.example");
    assertThat(gateway.send("GET", RestApi.BANK, origin, null).headers())
        .doesNotContainKey("access-control-allow-origin");
    try (Gateway open = federation.gateway("interseal.gateway.cors-origins=https://web.example")) {
      assertThat(open.send("GET", RestApi.BANK, origin, null).headers())
          .containsEntry("access-control-allow-origin", "https://web.example");
      Map<String, String> preflight =
          Map.of(
              "Origin", "https://web.example",
              "Access-Control-Request-Method", "POST",
              "Access-Control-Request-Headers",
                  "content-digest,content-type,interseal-key,signature,signature-input");
      assertThat(open.send("OPTIONS", RestApi.MESSAGES, preflight, null).headers())
          .containsEntry("access-control-allow-origin", "https://web.example")
          .containsKey("access-control-allow-headers");
      assertThat(
              open.send("GET", RestApi.BANK, Map.of("Origin", "https://evil.example"), null)
                  .problem())
          .isEqualTo("origin-not-allowed");
    }
  }

  @Test
  void readinessFollowsTheDirectoryAndTheDevices() {
    var health =
        gateway
            .context()
            .getBean(org.springframework.boot.health.actuate.endpoint.HealthEndpoint.class);
    assertThat(java.util.Objects.requireNonNull(health.healthForPath("ready")).getStatus())
        .isEqualTo(org.springframework.boot.health.contributor.Status.UP);
  }
}
