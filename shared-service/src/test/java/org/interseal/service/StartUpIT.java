package org.interseal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartUpIT {
  @TempDir Path directory;

  @Test
  void aPasswordFileThatOthersCanReadIsRefused() throws Exception {
    Path open = SmallService.secret(directory, "open", SmallService.PASSWORD);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(
            () -> SmallService.start(directory, "interseal.operator.password-file=" + open))
        .rootCause()
        .hasMessageContaining("interseal.operator.password-file")
        .hasMessageContaining("can read or write");
  }

  @Test
  void aVaultOpensWithThePassphraseFromItsFileAndIsClosedToOthers() throws Exception {
    Path vault = directory.resolve("node.p12");
    Path passphrase = SmallService.secret(directory, "passphrase", "a passphrase");
    String[] properties = {
      "interseal.vault.file=" + vault, "interseal.vault.passphrase-file=" + passphrase
    };
    try (var context = SmallService.start(directory, properties)) {
      context
          .getBean(KeyVault.class)
          .store(
              "node-signing", SigningKey.generate(SignatureAlgorithm.ED25519, new SecureRandom()));
    }
    try (var context = SmallService.start(directory, properties)) {
      assertThat(context.getBean(KeyVault.class).aliases()).containsExactly("node-signing");
    }
    Files.setPosixFilePermissions(vault, PosixFilePermissions.fromString("rw-rw----"));
    try (var context = SmallService.start(directory, properties)) {
      assertThatThrownBy(() -> context.getBean(KeyVault.class))
          .rootCause()
          .isInstanceOf(ConfigurationRefused.class)
          .hasMessageContaining("interseal.vault.file");
    }
  }

  @Test
  void aWrongPassphraseIsNamedButNotShown() throws Exception {
    Path vault = directory.resolve("node.p12");
    Path right = SmallService.secret(directory, "right", "a passphrase");
    Path wrong = SmallService.secret(directory, "wrong", "hunter2hunter2");
    try (var context =
        SmallService.start(
            directory,
            "interseal.vault.file=" + vault,
            "interseal.vault.passphrase-file=" + right)) {
      context
          .getBean(KeyVault.class)
          .store(
              "node-signing", SigningKey.generate(SignatureAlgorithm.ED25519, new SecureRandom()));
    }
    try (var context =
        SmallService.start(
            directory,
            "interseal.vault.file=" + vault,
            "interseal.vault.passphrase-file=" + wrong)) {
      assertThatThrownBy(() -> context.getBean(KeyVault.class))
          .rootCause()
          .hasMessageContaining("cannot open")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void aSecretAmongTheArgumentsIsRefused() {
    assertThatThrownBy(
            () -> SmallService.start(directory, "interseal.vault.passphrase=hunter2hunter2"))
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
