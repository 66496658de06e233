package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.service.OpenApiContract;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** What tellers ask of a branch over REST. */
class BranchAgentIT extends BranchProcess {
  @Test
  void anAccountIsOpenedFundedAndGivenACodeOverRest() throws Exception {
    ConfigurableApplicationContext context = branch();

    HttpResponse<String> opened =
        call(
            context,
            "POST",
            "/v1/accounts",
            "{\"customerName\":\"Ada L\",\"currency\":\"CZK\",\"requestedNumber\":7}",
            ada());
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(200);
    assertThat(opened.body()).contains("\"status\":\"done\"").contains(ACCOUNT.value());

    HttpResponse<String> funded =
        call(
            context,
            "POST",
            "/v1/accounts/" + ACCOUNT + "/cash-in",
            "{\"amount\":\"100.00\",\"currency\":\"CZK\",\"reference\":\"r1\"}",
            ada());
    assertThat(funded.body()).contains("\"amount\":\"100.00\"").contains("\"reference\":\"r1\"");

    HttpResponse<String> issued =
        call(context, "POST", "/v1/accounts/" + ACCOUNT + "/activation-code", "", ada());
    String text =
        ProtocolJson.mapper()
            .readTree(issued.body())
            .path("result")
            .path("activationCode")
            .asString();
    ActivationCode code = ActivationCode.parse(text);
    assertThat(code.rootFingerprint()).isEqualTo(authority.root().fingerprint());
    BranchMessage last = FakeBank.message(answering.letters().getLast());
    assertThat(last)
        .isEqualTo(
            new BranchMessage.IssueActivationCode(
                "ada", ACCOUNT, ActivationCode.hash(ACCOUNT, code.secret())));
  }

  @Test
  void everyOperationIsDocumentedAndTheDocumentIsServed() throws Exception {
    ConfigurableApplicationContext context = branch();
    var mapping =
        context.getBean("requestMappingHandlerMapping", RequestMappingInfoHandlerMapping.class);

    assertThat(OpenApiContract.served(mapping)).isEqualTo(CONTRACT.operations());
    assertThat(call(context, "GET", "/v1/openapi.json", "", ada()).body())
        .isEqualTo(Files.readString(Path.of("../docs/reference/branch-openapi.json")));
    assertThat(call(context, "GET", "/v1/openapi.json", "").statusCode()).isEqualTo(401);
  }

  @Test
  void everyOperationAnswersAsDocumented() throws Exception {
    ConfigurableApplicationContext context = branch();
    String account = "/v1/accounts/" + ACCOUNT;
    String cash = "{\"amount\":\"5.00\",\"currency\":\"CZK\",\"reference\":\"r1\"}";
    String device = "A".repeat(43);

    assertThat(call(context, "POST", account + "/cash-out", cash, ada()).statusCode())
        .isEqualTo(200);
    assertThat(call(context, "GET", account + "/devices", "", ada()).statusCode()).isEqualTo(200);
    assertThat(call(context, "DELETE", account + "/devices/" + device, "", ada()).statusCode())
        .isEqualTo(200);
    HttpResponse<String> closed = call(context, "DELETE", account, "", ada());
    assertThat(closed.statusCode()).isEqualTo(200);
    String id = ProtocolJson.mapper().readTree(closed.body()).path("requestId").asString();
    assertThat(call(context, "GET", "/v1/requests/" + id, "", ada()).body())
        .isEqualTo(closed.body());
    assertThat(
            call(context, "POST", "/v1/accounts", "plain", ada("Content-Type", "text/plain"))
                .statusCode())
        .isEqualTo(415);

    answering.behave((letter, notice) ->
        Optional.of(
            bank.row(
                new BranchNotice.Refused(letter.messageId(), ReasonCode.AC04, "closed"),
                CLOCK.instant())));
    HttpResponse<String> refused = call(context, "POST", account + "/cash-in", cash, ada());
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("\"reason\":\"AC04\"");
  }

  @Test
  void aStrangerAndAWrongPasswordAreRefusedAndNothingIsSent() throws Exception {
    ConfigurableApplicationContext context = branch();
    String path = "/v1/accounts/" + ACCOUNT;

    assertThat(call(context, "DELETE", path, "").statusCode()).isEqualTo(401);
    assertThat(call(context, "DELETE", path, "", teller("ada", "a wrong password")).statusCode())
        .isEqualTo(401);
    HttpResponse<String> stranger = call(context, "DELETE", path, "", teller("eve", PASSWORD));
    assertThat(stranger.statusCode()).isEqualTo(401);
    assertThat(stranger.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(call(context, "GET", "/elsewhere", "", ada()).statusCode()).isEqualTo(403);
    assertThat(answering.letters()).isEmpty();
  }

  @Test
  void anIdempotencyKeyMakesARepetitionTheSameRequest() throws Exception {
    ConfigurableApplicationContext context = branch();
    String cash = "{\"amount\":\"100.00\",\"currency\":\"CZK\",\"reference\":\"r1\"}";
    String path = "/v1/accounts/" + ACCOUNT + "/cash-in";

    String first = call(context, "POST", path, cash, ada("Idempotency-Key", "k1")).body();
    String again = call(context, "POST", path, cash, ada("Idempotency-Key", "k1")).body();
    HttpResponse<String> other =
        call(context, "POST", path, cash.replace("100", "200"), ada("Idempotency-Key", "k1"));

    assertThat(again).isEqualTo(first);
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(other.body()).contains("idempotency-key-reused");
    assertThat(answering.letters()).hasSize(1);
  }

  @Test
  void withoutAnAnswerInTimeTheTellerAsksLater() throws Exception {
    ConfigurableApplicationContext context = branch("--interseal.branch.answer-wait=50ms");
    answering.behave((letter, notice) -> Optional.empty());

    HttpResponse<String> pending =
        call(
            context,
            "POST",
            "/v1/accounts/" + ACCOUNT + "/close",
            "",
            ada("Idempotency-Key", "k1"));

    assertThat(pending.statusCode()).isEqualTo(202);
    String location = pending.headers().firstValue("Location").orElseThrow();
    assertThat(call(context, "GET", location, "", ada()).statusCode()).isEqualTo(202);
    assertThat(call(context, "GET", "/v1/requests/unknown", "", ada()).statusCode()).isEqualTo(404);
  }

  @Test
  void malformedValuesAreProblemsAndSendNothing() throws Exception {
    ConfigurableApplicationContext context = branch();

    for (String body :
        List.of(
            "{}",
            "{\"customerName\":\"\",\"currency\":\"CZK\"}",
            "{\"customerName\":\"A\",\"currency\":\"???\"}",
            "nonsense")) {
      HttpResponse<String> refused = call(context, "POST", "/v1/accounts", body, ada());
      assertThat(refused.statusCode()).as(body).isEqualTo(400);
      assertThat(refused.body()).contains("urn:interseal:problem:");
    }
    assertThat(call(context, "POST", "/v1/accounts/XX00/close", "", ada()).statusCode())
        .isEqualTo(400);
    assertThat(answering.letters()).isEmpty();
  }
}
