package org.interseal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.interseal.crypto.RootCertificate;
import org.interseal.registry.Registry.Applicant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartIT {
  private final Instant now = InstantSource.system().instant();
  @TempDir Path directory;

  @Test
  void decisionsAndProvedApplicationsSurviveARestart() throws Exception {
    RootCertificate root;
    String proven;
    try (Registry first = Registry.start(directory)) {
      root = first.root();
      first.applicant("AAAAXX00").licensed();
      first.postAsOfficer("/v1/banks/AAAAXX00/suspension", "{}");
      proven = first.applicant("BBBBXX00").proven();
    }
    try (Registry second = Registry.start(directory)) {
      assertThat(second.root()).isEqualTo(root);
      assertThat(second.get("/v1/applications/" + proven).text("state")).isEqualTo("PROVEN");
      assertThat(second.postAsOfficer("/v1/applications/" + proven + "/approval", "{}").status())
          .isEqualTo(200);
      second.postAsOfficer("/v1/banks/AAAAXX00/reinstatement", "{}");
      assertThat(second.seenByMembers().banks()).hasSize(2).allMatch(bank -> bank.usableAt(now));
    }
  }

  @Test
  void aStoreThatLostWhatWasDecidedGetsItAgainUnchanged() throws Exception {
    Applicant bank;
    try (Registry first = Registry.start(directory)) {
      bank = first.applicant("AAAAXX00");
      bank.licensed();
      first.postAsOfficer("/v1/banks/AAAAXX00/suspension", "{}");
    }
    deleteStore();
    try (Registry second = Registry.start(directory)) {
      // Any decision first publishes what the store does not show.
      assertThat(
              second
                  .postAsOfficer("/v1/banks/AAAAXX00/suspension", "{}")
                  .body()
                  .get("changed")
                  .asBoolean())
          .isFalse();
      assertThat(second.seenByMembers().bank(bank.bank).orElseThrow().licenceNumber()).isEqualTo(2);
      assertThat(second.seenByMembers().usable(bank.bank, now)).isFalse();
    }
  }

  private void deleteStore() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("store"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
