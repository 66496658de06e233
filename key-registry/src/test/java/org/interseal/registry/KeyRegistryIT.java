package org.interseal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificationRequest;
import org.interseal.crypto.DecryptionKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.registry.Registry.Answer;
import org.interseal.registry.Registry.Applicant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class KeyRegistryIT {
  private final Instant now = InstantSource.system().instant();
  @TempDir static Path directory;
  private static Registry registry;

  @BeforeAll
  static void start() throws Exception {
    registry = Registry.start(directory);
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void aBankThatProvedItsKeysIsLicensedByAnOfficer() throws Exception {
    Applicant bank = registry.applicant("AAAAXX00");
    Answer receipt = bank.apply();
    assertThat(receipt.status()).isEqualTo(201);
    assertThat(bank.prove(receipt).text("state")).isEqualTo("PROVEN");
    assertThat(registry.seenByMembers().bank(bank.bank)).isEmpty();

    String application = "/v1/applications/" + receipt.text("id");
    Answer decision = registry.postAsOfficer(application + "/approval", "{}");

    assertThat(decision.status()).isEqualTo(200);
    assertThat(decision.body().get("published").asBoolean()).isTrue();
    assertThat(registry.get(application).text("state")).isEqualTo("APPROVED");
    LicensedBank licensed = registry.seenByMembers().bank(bank.bank).orElseThrow();
    assertThat(licensed.usableAt(now)).isTrue();
    assertThat(licensed.certifyingKey()).isEqualTo(bank.certifying.verificationKey());
    assertThat(licensed.encryptionKey()).isEqualTo(bank.decryption.encryptionKey());
  }

  @Test
  void approvingTwiceIssuesOneLicence() throws Exception {
    String id = registry.applicant("ABABXX00").proven();
    registry.postAsOfficer("/v1/applications/" + id + "/approval", "{}");
    Answer second = registry.postAsOfficer("/v1/applications/" + id + "/approval", "{}");

    assertThat(second.body().get("changed").asBoolean()).isFalse();
    assertThat(second.body().get("licenceNumber").asLong()).isEqualTo(1);
  }

  @Test
  void nobodyButAnOfficerDecides() throws Exception {
    Applicant bank = registry.applicant("BBBBXX00");
    String id = bank.proven();
    String approval = "/v1/applications/" + id + "/approval";

    assertThat(registry.post(approval, "{}").status()).isEqualTo(401);
    assertThat(registry.postAs("officer", "wrong password", approval, "{}").status())
        .isEqualTo(401);
    assertThat(registry.postAs("operator", Registry.OPERATOR_PASSWORD, approval, "{}").status())
        .isEqualTo(401);
    assertThat(registry.get("/v1/applications?state=PROVEN").status()).isEqualTo(401);
    assertThat(registry.get("/v1/audit").status()).isEqualTo(401);
    assertThat(registry.post("/v1/banks/AAAAXX00/suspension", "{}").status()).isEqualTo(401);
    assertThat(registry.post("/v1/resolutions", "{}").status()).isEqualTo(401);
    assertThat(registry.seenByMembers().bank(bank.bank)).isEmpty();
  }

  @Test
  void aFormOfAnotherSiteCannotDecideWithRememberedCredentials() throws Exception {
    String id = registry.applicant("BCBCXX00").proven();
    Answer answer =
        registry.send(
            registry
                .posting("/v1/applications/" + id + "/approval", "")
                .setHeader("Content-Type", "text/plain")
                .header("Authorization", Registry.basic("officer", Registry.OFFICER_PASSWORD)));

    assertThat(answer.status()).isEqualTo(415);
    assertThat(registry.get("/v1/applications/" + id).text("state")).isEqualTo("PROVEN");
  }

  @Test
  void aKeyThatWasNotProvedIsNeverLicensed() throws Exception {
    Applicant bank = registry.applicant("CCCCXX00");
    Answer receipt = bank.apply();
    String application = "/v1/applications/" + receipt.text("id");

    assertThat(registry.postAsOfficer(application + "/approval", "{}").text("code"))
        .isEqualTo("application-state");
    Answer wrong =
        registry.post(
            application + "/proof", new ApplicationController.ProofRequest(Bytes.of(new byte[32])));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text("code")).isEqualTo("challenge-failed");
    // The one try is used up: even the right answer comes too late.
    assertThat(bank.prove(receipt).text("code")).isEqualTo("application-unknown");
    assertThat(registry.postAsOfficer(application + "/approval", "{}").status()).isEqualTo(404);
  }

  @Test
  void theRightProofMayBeSentAgain() throws Exception {
    Applicant bank = registry.applicant("CDCDXX00");
    Answer receipt = bank.apply();

    assertThat(bank.prove(receipt).status()).isEqualTo(200);
    assertThat(bank.prove(receipt).status()).isEqualTo(200);
  }

  @Test
  void aRequestThatItsOwnKeyDidNotSignIsRefused() throws Exception {
    Applicant bank = registry.applicant("DDDDXX00");
    byte[] altered = bank.pkcs10().toArray();
    altered[altered.length - 1] ^= 1;

    Answer answer =
        registry.post(
            "/v1/applications",
            bank.request(Bytes.of(altered), bank.decryption.encryptionKey().spki()));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("code")).isEqualTo("application-refused");
    assertThat(
            registry
                .post("/v1/applications", bank.request(bank.pkcs10(), Bytes.of(new byte[8])))
                .status())
        .isEqualTo(422);
  }

  @Test
  void aRejectedApplicationStaysRejected() throws Exception {
    Applicant bank = registry.applicant("EEEEXX00");
    String application = "/v1/applications/" + bank.proven();
    Answer rejected =
        registry.postAsOfficer(application + "/rejection", Map.of("reason", "no capital"));

    assertThat(rejected.text("state")).isEqualTo("REJECTED");
    assertThat(registry.get(application).text("reason")).isEqualTo("no capital");
    assertThat(registry.postAsOfficer(application + "/approval", "{}").text("code"))
        .isEqualTo("application-state");
    assertThat(registry.seenByMembers().bank(bank.bank)).isEmpty();
  }

  @Test
  void suspensionReinstatementAndRenewalEachIssueTheNextLicence() throws Exception {
    Applicant bank = registry.applicant("FFFFXX00");
    bank.licensed();
    String path = "/v1/banks/FFFFXX00";

    assertThat(registry.postAsOfficer(path + "/suspension", Map.of("reason", "audit")).status())
        .isEqualTo(200);
    assertThat(registry.seenByMembers().usable(bank.bank, now)).isFalse();
    assertThat(registry.postAsOfficer(path + "/suspension", "{}").body().get("changed").asBoolean())
        .isFalse();
    assertThat(registry.get(path).text("status")).isEqualTo("SUSPENDED");

    registry.postAsOfficer(path + "/reinstatement", "{}");
    assertThat(registry.seenByMembers().usable(bank.bank, now)).isTrue();
    registry.postAsOfficer(path + "/renewal", "{}");
    LicensedBank renewed = registry.seenByMembers().bank(bank.bank).orElseThrow();
    assertThat(renewed.licenceNumber()).isEqualTo(4);
    assertThat(renewed.certifyingKey()).isEqualTo(bank.certifying.verificationKey());
    assertThat(renewed.usableAt(now)).isTrue();
    assertThat(registry.seenByMembers().refused()).isEmpty();
  }

  @Test
  void newKeysReplaceOldOnesButDoNotLiftASuspension() throws Exception {
    registry.applicant("GGGGXX00").licensed();
    registry.postAsOfficer("/v1/banks/GGGGXX00/suspension", "{}");
    Applicant rekeyed = registry.applicant("GGGGXX00");
    rekeyed.licensed();

    LicensedBank bank = registry.seenByMembers().bank(rekeyed.bank).orElseThrow();
    assertThat(bank.certifyingKey()).isEqualTo(rekeyed.certifying.verificationKey());
    assertThat(bank.epoch()).isEqualTo(2);
    assertThat(bank.usableAt(now)).isFalse();
  }

  @Test
  void aSecondBankWithTheSameInstitutionCodeIsRefused() throws Exception {
    registry.applicant("HHHHXX00").licensed();

    assertThat(registry.applicant("HHHHYY00").apply().text("code")).isEqualTo("institution-taken");
  }

  @Test
  void anotherBanksKeysAreRefused() throws Exception {
    Applicant first = registry.applicant("IIIIXX00");
    first.licensed();
    BankId other = new BankId("JJJJXX00");
    Bytes withItsKey = CertificationRequest.forBank(other, first.certifying);
    Bytes freshKey = DecryptionKey.generate(new SecureRandom()).encryptionKey().spki();

    assertThat(registry.post("/v1/applications", first.request(withItsKey, freshKey)).text("code"))
        .isEqualTo("key-taken");
    Applicant second = registry.applicant("JJJJXX00");
    assertThat(
            registry
                .post(
                    "/v1/applications",
                    second.request(second.pkcs10(), first.decryption.encryptionKey().spki()))
                .text("code"))
        .isEqualTo("key-taken");
  }

  @Test
  void aTransferIsResolvedOnceAndOnlyWhenItsTargetIsNotActive() throws Exception {
    registry.applicant("KKKKXX00").licensed();
    registry.applicant("LLLLXX00").licensed();
    OfficerController.ResolutionRequest refund = resolution(false);

    assertThat(registry.postAsOfficer("/v1/resolutions", refund).text("code"))
        .isEqualTo("bank-active");
    registry.postAsOfficer("/v1/banks/LLLLXX00/suspension", "{}");
    assertThat(registry.postAsOfficer("/v1/resolutions", refund).status()).isEqualTo(200);
    assertThat(registry.postAsOfficer("/v1/resolutions", refund).status()).isEqualTo(200);
    assertThat(registry.postAsOfficer("/v1/resolutions", resolution(true)).text("code"))
        .isEqualTo("resolution-contradicts");
    assertThat(registry.seenByMembers().resolutions(new BankId("KKKKXX00")))
        .singleElement()
        .satisfies(r -> assertThat(r.settled()).isFalse());
  }

  private static OfficerController.ResolutionRequest resolution(boolean settled) {
    return new OfficerController.ResolutionRequest(
        new BankId("KKKKXX00"),
        0,
        new BankId("LLLLXX00"),
        0,
        7,
        Bytes.sha256(Bytes.utf8("t")),
        settled);
  }

  @Test
  void everyDecisionIsInTheAuditLogWithItsOfficer() throws Exception {
    registry.applicant("MMMMXX00").licensed();
    Answer page = registry.getAsOfficer("/v1/audit");

    assertThat(page.status()).isEqualTo(200);
    assertThat(StreamSupport.stream(page.body().get("lines").spliterator(), false))
        .anySatisfy(line -> {
          JsonNode event = line.get("event");
          assertThat(event.get("type").asString()).isEqualTo("application-approved");
          assertThat(event.get("bank").asString()).isEqualTo("MMMMXX00");
          assertThat(line.get("actor").asString()).isEqualTo("officer:officer");
        });
  }

  @Test
  void theRecordsOfABankProveItAgainstTheRoot() throws Exception {
    Applicant bank = registry.applicant("NNNNXX00");
    bank.licensed();
    Answer records = registry.get("/v1/banks/NNNNXX00/records");
    BankDirectory verified =
        BankDirectory.verified(
            registry.root(),
            StreamSupport.stream(records.body().get("records").spliterator(), false)
                .map(JsonNode::asString)
                .toList());

    assertThat(verified.usable(bank.bank, now)).isTrue();
    assertThat(registry.get("/v1/banks").body().get("banks").size()).isPositive();
  }

  @Test
  void whatIsNotOfTheDocumentedShapeIsNamedAsAProblem() throws Exception {
    assertThat(registry.post("/v1/applications", "{").text("code")).isEqualTo("malformed-request");
    assertThat(registry.post("/v1/applications", "{\"pkcs10\":\"AA\",\"more\":1}").status())
        .isEqualTo(400);
    assertThat(
            registry
                .post("/v1/applications", "{\"v\":\"" + "x".repeat(40_000) + "\"}")
                .text("code"))
        .isEqualTo("too-large");
    assertThat(registry.get("/v1/banks/ZZZZXX00").text("code")).isEqualTo("bank-unknown");
    assertThat(registry.get("/v1/banks/not-a-bic").status()).isEqualTo(404);
    assertThat(registry.get("/elsewhere").status()).isIn(401, 403, 404);
    HttpRequest.Builder chunked =
        registry
            .posting("/v1/applications", "{}")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(new byte[10])));
    assertThat(registry.send(chunked).status()).isEqualTo(413);
  }

  @Test
  void operatorsSeeHealthAndMetrics() throws Exception {
    assertThat(registry.management("/actuator/health/ready").body())
        .contains("\"registry\"", "\"UP\"");
    assertThat(registry.management("/actuator/prometheus").body())
        .contains(
            "interseal_registry_banks",
            "interseal_registry_applications",
            "interseal_registry_rows_refused");
  }
}
