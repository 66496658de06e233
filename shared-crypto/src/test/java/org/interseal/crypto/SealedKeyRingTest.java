package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedKeyRingTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path directory;

  @Test
  void givesBackWhatWasSaved() throws IOException {
    SecretKey256 under = SecretKey256.generate(RANDOM);
    SigningKey signing = SigningKey.generate(SignatureAlgorithm.ES256, RANDOM);
    DecryptionKey decryption = DecryptionKey.generate(RANDOM);
    SealedKeyRing ring = SealedKeyRing.open(directory.resolve("ring"), under, RANDOM);
    ring.put("a.signing", signing);
    ring.put("a.encryption", decryption);
    ring.save();

    SealedKeyRing again = SealedKeyRing.open(directory.resolve("ring"), under, RANDOM);

    assertThat(again.signingKey("a.signing").orElseThrow().verificationKey())
        .isEqualTo(signing.verificationKey());
    assertThat(again.decryptionKey("a.encryption").orElseThrow().encryptionKey().id())
        .isEqualTo(decryption.encryptionKey().id());
    assertThat(again.signingKey("a.encryption")).isEmpty();
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("ring"))))
        .isEqualTo("rw-------");
  }

  @Test
  void refusesAnotherKeyAndAlteredBytes() throws IOException {
    SecretKey256 under = SecretKey256.generate(RANDOM);
    Path file = directory.resolve("ring");
    SealedKeyRing ring = SealedKeyRing.open(file, under, RANDOM);
    ring.put("a", SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM));
    ring.save();
    byte[] bytes = Files.readAllBytes(file);

    assertThatThrownBy(() -> SealedKeyRing.open(file, SecretKey256.generate(RANDOM), RANDOM))
        .isInstanceOf(IOException.class);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> SealedKeyRing.open(file, under, RANDOM))
        .isInstanceOf(IOException.class);
  }
}
