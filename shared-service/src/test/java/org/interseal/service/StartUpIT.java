package org.interseal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartUpIT {
  @TempDir Path directory;

  @Test
  void aPasswordFileThatOthersCanReadIsRefused() throws Exception {
    Path open = SmallService.secret(directory, "open", SmallService.PASSWORD);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> SmallService.start(directory, "interseal.operator.password-file=" + open))
        .rootCause()
        .hasMessageContaining("interseal.operator.password-file")
        .hasMessageContaining("can read or write");
  }

  @Test
  void aSecretAmongTheArgumentsIsRefused() {
    assertThatThrownBy(() -> SmallService.start(directory, "interseal.vault.passphrase=hunter2hunter2"))
        .isInstanceOf(ConfigurationRefused.class)
        .hasMessageContaining("interseal.vault.passphrase")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aBankThatIsNoBicIsRefused() {
    assertThatThrownBy(() -> SmallService.start(directory, "interseal.bank=nobank"))
        .hasStackTraceContaining("not a BIC");
  }

  @Test
  void aMissingStoreDirectoryIsNamed() {
    assertThatThrownBy(() -> SmallService.start(directory, "interseal.store.directory="))
        .rootCause()
        .hasMessageContaining("interseal.store.directory is not set");
  }

  @Test
  void twoContextsRunInOneProcessOnTheSameStores() throws Exception {
    try (var one = SmallService.start(directory);
        var two = SmallService.start(directory)) {
      assertThat(one.getEnvironment().getProperty("local.server.port"))
          .isNotEqualTo(two.getEnvironment().getProperty("local.server.port"));
    }
  }
}
