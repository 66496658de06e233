package org.interseal.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.DefaultCorsProcessor;

/** Refuses web pages of other origins with a problem, as everything else is refused. */
final class ProblemCorsProcessor extends DefaultCorsProcessor {
  @Override
  protected void rejectRequest(ServerHttpResponse response) throws IOException {
    GatewayProblem code = GatewayProblem.ORIGIN_NOT_ALLOWED;
    RestApi.Problem problem =
        new RestApi.Problem(
            code.type().toString(),
            code.title(),
            code.status().value(),
            "The operator of this gateway names the origins.",
            code.code());
    response.setStatusCode(code.status());
    response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    response.getBody().write(ProtocolJson.encodeText(problem).getBytes(StandardCharsets.UTF_8));
    response.flush();
  }
}
