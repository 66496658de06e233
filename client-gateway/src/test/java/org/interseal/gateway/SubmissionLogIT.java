package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.service.LogLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SubmissionLogIT {
  private static final String MESSAGE = "submission stored";

  @TempDir Path directory;

  @Test
  void everyAcceptedSubmissionLeavesOneLineUnderTheNameThatTheBankHasForIt(CapturedOutput output)
      throws Exception {
    try (Federation federation = new Federation(directory)) {
      TestDevice device = federation.linkedDevice();
      String envelope = federation.seal(federation.bank);
      String foreign = federation.seal(federation.otherBank);
      try (Gateway gateway = federation.gateway()) {
        assertThat(gateway.submit(device, envelope).status()).isEqualTo(202);
        assertThat(gateway.submit(device, envelope).status()).isEqualTo(202);
        assertThat(gateway.submit(device, foreign).status()).isEqualTo(422);
        assertThat(gateway.get(device, "/v1/mailbox", null).status()).isEqualTo(200);
      }
      String id = SubmissionId.of(federation.bank.id(), envelope);
      assertThat(LogLines.with(MESSAGE, output))
          .extracting(
              line -> line.path("reference").asString() + " " + line.path("outcome").asString())
          .containsExactly(id + "/0 accepted", id + "/0 repeated");
      assertThat(LogLines.with(MESSAGE, output))
          .allSatisfy(line -> {
            assertThat(line.path("correlation").asString()).isEqualTo(id);
            assertThat(line.path("log").path("level").asString()).isEqualTo("INFO");
          });
      // Who sent it, and what, is nobody's business here; nor is reading a mailbox worth a line.
      assertThat(output.toString())
          .doesNotContain(device.id())
          .doesNotContain(envelope)
          .doesNotContain("mailbox");
    }
  }
}
