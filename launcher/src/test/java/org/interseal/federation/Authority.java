package org.interseal.federation;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.Resolution;
import tools.jackson.databind.JsonNode;

/** The authority of a running federation: what its officer decides, and what its root key signs. */
record Authority(HttpClient http, URI registry, FederationDirectory directory) {
  /** A decision about a bank: {@code suspension} or {@code reinstatement}. */
  void decides(BankId bank, String decision) throws Exception {
    decides("/v1/banks/" + bank + "/" + decision, "{\"reason\":\"a test\"}");
  }

  /** What its officer decides over its interface. */
  void decides(String path, String body) throws Exception {
    HttpResponse<String> response =
        new Caller(http, "officer", directory.officerPassword())
            .posts(registry.resolve(path), body);
    if (response.statusCode() / 100 != 2) {
      throw new AssertionError(
          path + " answered " + response.statusCode() + ": " + response.body());
    }
  }

  /** A resolution that its root key signed and nobody published. */
  String signs(JsonNode transfer, boolean settled) throws Exception {
    SigningKey rootKey =
        Pkcs12KeyVault.open(
                directory.authority().resolve("vault.p12"),
                OwnerOnlySecret.read(directory.authority().resolve("passphrase")).toCharArray())
            .signingKey("root")
            .orElseThrow();
    Resolution resolution =
        new Resolution(
            1,
            new BankId(transfer.path("bank").asString()),
            transfer.path("partition").asInt(),
            new BankId(transfer.path("targetBank").asString()),
            transfer.path("targetPartition").asInt(),
            transfer.path("transferNumber").asLong(),
            Bytes.base64Url(transfer.path("transferDigest").asString()),
            settled);
    return RegistryRow.of(resolution, rootKey).body();
  }
}
