package org.interseal.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificateIssuer;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.service.ConfigurationRefused;

/**
 * The root key and its certificate.
 *
 * @param root handed out to everybody, known by its fingerprint
 * @param rootKey stays in the vault's process
 */
record Authority(RootCertificate root, SigningKey rootKey) {
  static final String ROOT_ALIAS = "root";

  /** Certificates begin a little earlier than they are made, for clocks that are behind. */
  static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

  /** How a new authority is made. */
  record Founding(boolean allowed, String name, Duration validity) {}

  /**
   * Opens the authority, or makes what is missing of it when that is allowed. Can be interrupted
   * and called again at any point.
   *
   * @param decided whether this authority has ever decided anything; then nothing of it is made
   *     anew, because the certificate's fingerprint is in activation codes
   */
  static Authority open(
      KeyVault vault,
      Path certificateFile,
      Founding founding,
      boolean decided,
      Instant now,
      SecureRandom random) {
    boolean mayMake = founding.allowed() && !decided;
    try {
      SigningKey key = rootKey(vault, mayMake, random);
      if (!Files.exists(certificateFile)) {
        if (!mayMake) {
          throw new ConfigurationRefused(
              "interseal.root-certificate: there is no file " + certificateFile,
              "Restore it; a new one would have another fingerprint. For a new authority set"
                  + " interseal.authority.create=true.");
        }
        RootCertificate made =
            CertificateIssuer.root(
                founding.name(),
                key,
                now.minus(CLOCK_TOLERANCE),
                now.plus(founding.validity()),
                random);
        writeWhole(certificateFile, made.der());
      }
      RootCertificate root = new RootCertificate(Bytes.of(Files.readAllBytes(certificateFile)));
      if (!root.key().equals(key.verificationKey())) {
        throw new ConfigurationRefused(
            "interseal.root-certificate: " + certificateFile + " is not of the key in the vault",
            "Set interseal.root-certificate and interseal.vault.file to files of the same authority.");
      }
      return new Authority(root, key);
    } catch (IOException | InvalidKeyMaterial e) {
      throw new ConfigurationRefused(
          "the authority's files cannot be used: " + e.getMessage(),
          "Check interseal.root-certificate and interseal.vault.file.");
    }
  }

  private static SigningKey rootKey(KeyVault vault, boolean mayMake, SecureRandom random)
      throws IOException {
    SigningKey known = vault.signingKey(ROOT_ALIAS).orElse(null);
    if (known != null) {
      return known;
    }
    if (!mayMake) {
      throw new ConfigurationRefused(
          "the vault holds no key named " + ROOT_ALIAS,
          "Restore the authority's vault. For a new authority set interseal.authority.create=true.");
    }
    SigningKey made = SigningKey.generate(SignatureAlgorithm.ES256, random);
    vault.store(ROOT_ALIAS, made);
    return made;
  }

  private static void writeWhole(Path file, Bytes content) throws IOException {
    Path target = file.toAbsolutePath();
    Path directory = java.util.Objects.requireNonNull(target.getParent());
    Files.createDirectories(directory);
    Path fresh = Files.createTempFile(directory, "root", ".tmp");
    try {
      Files.write(fresh, content.toArray());
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
