package org.interseal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.service.ConfigurationRefused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private final SecureRandom random = new SecureRandom();
  @TempDir Path directory;
  private Path certificate;
  private KeyVault vault;

  @BeforeEach
  void openVault() throws Exception {
    certificate = directory.resolve("root.der");
    vault = Pkcs12KeyVault.open(directory.resolve("vault.p12"), "test passphrase".toCharArray());
  }

  @Test
  void aNewAuthorityIsMadeOnceAndOnlyWhenAllowed() {
    assertThatThrownBy(() -> open(false, false)).isInstanceOf(ConfigurationRefused.class);
    Authority made = open(true, false);

    assertThat(open(true, false).root()).isEqualTo(made.root());
    assertThat(open(false, true).root()).isEqualTo(made.root());
  }

  @Test
  void aFoundingThatWasInterruptedAfterTheKeyIsCompleted() throws Exception {
    SigningKey key = SigningKey.generate(SignatureAlgorithm.ES256, random);
    vault.store(Authority.ROOT_ALIAS, key);

    assertThat(open(true, false).root().key()).isEqualTo(key.verificationKey());
  }

  @Test
  void anAuthorityThatDecidedIsNeverMadeAnew() throws Exception {
    open(true, false);
    Files.delete(certificate);

    assertThatThrownBy(() -> open(true, true))
        .isInstanceOf(ConfigurationRefused.class)
        .hasMessageContaining("root-certificate");
  }

  @Test
  void aCertificateOfAnotherKeyIsRefused() throws Exception {
    open(true, false);
    vault.delete(Authority.ROOT_ALIAS);

    assertThatThrownBy(() -> open(true, false))
        .isInstanceOf(ConfigurationRefused.class)
        .hasMessageContaining("not of the key");
  }

  private Authority open(boolean create, boolean decided) {
    return Authority.open(
        vault,
        certificate,
        new Authority.Founding(create, "Territory", Duration.ofDays(3650)),
        decided,
        NOW,
        random);
  }
}
