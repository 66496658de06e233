package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Pkcs12KeyVaultTest {
  private static final char[] PASSPHRASE = "correct horse".toCharArray();

  private Path directory = Path.of("unset");
  private Path file = directory;

  @BeforeEach
  void place(@TempDir Path parent) {
    directory = parent.resolve("keys");
    file = directory.resolve("vault.p12");
  }

  @Test
  void every_kind_of_key_comes_back_after_reopening() throws Exception {
    SigningKey ed25519 = SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("1"));
    SigningKey p256 = SigningKey.generate(SignatureAlgorithm.ES256, Fixture.random("2"));
    DecryptionKey xWing = DecryptionKey.generate(Fixture.random("3"));
    SecretKey256 aes = SecretKey256.generate(Fixture.random("4"));
    KeyVault vault = Pkcs12KeyVault.open(file, PASSPHRASE);
    vault.store("node.signing", ed25519);
    vault.store("ca", p256);
    vault.store("epoch-1", xWing);
    vault.store("period-1", aes);

    for (KeyVault read : new KeyVault[] {vault, Pkcs12KeyVault.open(file, PASSPHRASE)}) {
      assertThat(read.aliases()).containsExactly("ca", "epoch-1", "node.signing", "period-1");
      assertThat(read.signingKey("node.signing")).contains(ed25519);
      assertThat(read.signingKey("ca")).contains(p256);
      assertThat(read.decryptionKey("epoch-1")).contains(xWing);
      assertThat(read.secretKey("period-1")).contains(aes);
    }
    assertThat(read("ca").verificationKey()).isEqualTo(p256.verificationKey());
  }

  private SigningKey read(String alias) throws IOException {
    return Pkcs12KeyVault.open(file, PASSPHRASE).signingKey(alias).orElseThrow();
  }

  @Test
  void a_key_is_never_taken_for_one_of_another_kind() throws Exception {
    KeyVault vault = Pkcs12KeyVault.open(file, PASSPHRASE);
    vault.store("a", DecryptionKey.generate(Fixture.random("1")));
    assertThat(vault.signingKey("a")).isEmpty();
    assertThat(vault.secretKey("a")).isEmpty();
    assertThat(vault.decryptionKey("b")).isEmpty();
  }

  @Test
  void a_taken_alias_is_not_overwritten_but_can_be_freed() throws Exception {
    KeyVault vault = Pkcs12KeyVault.open(file, PASSPHRASE);
    SecretKey256 first = SecretKey256.generate(Fixture.random("1"));
    SecretKey256 second = SecretKey256.generate(Fixture.random("2"));
    vault.store("a", first);
    assertThatIllegalStateException().isThrownBy(() -> vault.store("a", second));
    assertThat(Pkcs12KeyVault.open(file, PASSPHRASE).secretKey("a")).contains(first);
    vault.delete("a");
    vault.delete("never-there");
    assertThat(Pkcs12KeyVault.open(file, PASSPHRASE).aliases()).isEmpty();
    vault.store("a", second);
    assertThat(Pkcs12KeyVault.open(file, PASSPHRASE).secretKey("a")).contains(second);
  }

  @Test
  void the_file_is_its_owners_alone_and_leaves_no_other_file_behind() throws Exception {
    KeyVault vault = Pkcs12KeyVault.open(file, PASSPHRASE);
    vault.store("a", SecretKey256.generate(Fixture.random("1")));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void a_wrong_passphrase_says_so() throws Exception {
    Pkcs12KeyVault.open(file, PASSPHRASE).store("a", SecretKey256.generate(Fixture.random("1")));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Pkcs12KeyVault.open(file, "battery staple".toCharArray()))
        .withMessageContaining("wrong passphrase")
        .withMessageContaining(file.toString());
  }

  @Test
  void a_damaged_file_says_so() throws Exception {
    Pkcs12KeyVault.open(file, PASSPHRASE).store("a", SecretKey256.generate(Fixture.random("1")));
    Files.write(file, new byte[] {1, 2, 3});
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Pkcs12KeyVault.open(file, PASSPHRASE))
        .withMessageContaining("not a readable key vault");
  }

  @Test
  void only_plain_aliases_are_taken() throws Exception {
    KeyVault vault = Pkcs12KeyVault.open(file, PASSPHRASE);
    SecretKey256 key = SecretKey256.generate(Fixture.random("1"));
    for (String alias : new String[] {"", "Upper", "a b", "a/b", "x".repeat(65)}) {
      assertThatIllegalArgumentException().isThrownBy(() -> vault.store(alias, key));
    }
  }

  @Test
  void a_change_that_cannot_be_written_is_no_change() throws Exception {
    KeyVault vault = Pkcs12KeyVault.open(file, PASSPHRASE);
    SecretKey256 key = SecretKey256.generate(Fixture.random("1"));
    vault.store("a", key);
    Path away = directory.resolveSibling("away");
    Files.move(directory, away);
    Files.createFile(directory); // in the way of the directory
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> vault.store("b", key));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> vault.delete("a"));
    assertThat(vault.aliases()).containsExactly("a");
    Files.delete(directory);
    Files.move(away, directory);
    vault.store("b", key);
    assertThat(Pkcs12KeyVault.open(file, PASSPHRASE).aliases()).containsExactly("a", "b");
  }
}
